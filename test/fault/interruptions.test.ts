import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { engineSucceeds, Kubectl, sandboxSucceeds, startSandbox } from "../support/sandbox.ts";

const stateSchema = z.object({
  deployment: z.object({ resources: z.array(z.object({ urn: z.string() })).optional() }),
});

const inPostgres = ["-n", "iam", "exec", "postgres-1", "-c", "postgres", "--"] as const;

async function resourceNames(): Promise<string[]> {
  const exported = await engineSucceeds("stack", "export");
  const { resources = [] } = stateSchema.parse(JSON.parse(exported.slice(exported.indexOf("{")))).deployment;
  return resources.map(({ urn }) => urn.split("::").slice(2).join(" ")).sort();
}

/** Ids of a process and its descendants. The process itself is last. */
async function processTree(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const descendants = await Promise.all(
    children
      .split(" ")
      .filter(Boolean)
      .map((child) => processTree(Number(child))),
  );
  return [...descendants.flat(), pid];
}

async function nameOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim();
}

/** @returns whether the process still existed */
function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") {
      return false;
    }
    throw error;
  }
}

/** Runs `sandbox up` until its output matches, and then kills the processes that `select` returns. */
async function killUpAt(moment: RegExp, select: (pids: number[]) => Promise<number[]>): Promise<void> {
  const running = startSandbox("up");
  const { pid, all } = running;
  assert(pid !== undefined);
  const reached = Promise.withResolvers<undefined>();
  let seen = "";
  all.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    if (moment.test(seen)) {
      reached.resolve(undefined);
    }
  });
  const killing = reached.promise.then(async () => (await select(await processTree(pid))).filter(killProcess));
  const killed = await Promise.race([killing, running.then(() => [])]);
  const { exitCode } = await running;
  assert.notDeepEqual(killed, [], `no process was killed at ${String(moment)} of "sandbox up":\n${seen}`);
  assert.notEqual(exitCode, 0, `"sandbox up" was not interrupted`);
}

const engineProcesses = async (pids: number[]): Promise<number[]> => {
  const names = await Promise.all(pids.map(nameOf));
  return pids.filter((_, index) => names[index] === "pulumi");
};
const allProcesses = (pids: number[]): Promise<number[]> => Promise.resolve(pids);

describe("an interrupted up", function () {
  this.timeout(1_200_000);
  let complete: string[] = [];

  before(async () => {
    await sandboxSucceeds("up");
    complete = await resourceNames();
    await sandboxSucceeds("reset", "--yes");
  });

  it("can be killed completely while it prepares the machine and the stack, and while the engine starts", async () => {
    await killUpAt(/… make the files of bibind-host/, allProcesses);
    await killUpAt(/… start machine bibind-host/, allProcesses);
    await killUpAt(/prepare the stack/, allProcesses);
    await killUpAt(/… pulumi up/, allProcesses);
  });

  for (const [when, moment] of [
    ["while the snap is installed", /cluster-install-command creating/],
    ["while a chart is installed", /postgres-operator-release creating/],
    ["while the page is deployed", /welcome-deployment creating/],
    ["while Vault initialises itself", /iam-vault-chart-release created/],
    ["while the keys of Hydra are generated", /iam-hydra-keyring-task-job creating/],
    ["while Kratos is installed", /iam-kratos-chart-release creating/],
  ] as const) {
    it(`can lose its engine ${when}`, async () => {
      await killUpAt(moment, engineProcesses);
    });
  }

  it("is completed by the next up, without a missing or a duplicate resource", async () => {
    await sandboxSucceeds("up");
    assert.deepEqual(await resourceNames(), complete);
    await engineSucceeds("up", "--yes", "--skip-preview", "--expect-no-changes");
    const kubectl = await Kubectl.ofSandbox();
    const secrets = await kubectl.run("get", "secrets", "-A", "-l", "owner=helm,status=deployed", "-o", "name");
    assert.equal(secrets.split("\n").length, 5, `five releases are deployed:\n${secrets}`);
    const users = await kubectl.run(...inPostgres, "psql", "-qAtc", "SELECT rolname FROM pg_roles");
    for (const application of ["hydra", "kratos"]) {
      const path = "jsonpath={.data.username}";
      const user = await kubectl.run("-n", "iam", "get", "secret", `${application}-database`, "-o", path);
      assert(users.includes(Buffer.from(user, "base64").toString()), `${application} has no database user`);
    }
  });
});
