import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { once } from "node:events";
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

/** Process ids below a process, the process itself last. */
async function family(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const below = await Promise.all(
    children
      .split(" ")
      .filter(Boolean)
      .map((child) => family(Number(child))),
  );
  return [...below.flat(), pid];
}

async function nameOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim();
}

/** Runs `sandbox up` until its output matches, then kills, without warning, the processes that `victims` chooses. */
async function upKilledAt(moment: RegExp, victims: (pids: number[]) => Promise<number[]>): Promise<void> {
  const running = startSandbox("up");
  const { pid, all } = running;
  assert(pid !== undefined);
  let seen = "";
  let reached = false;
  all.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    if (!reached && moment.test(seen)) {
      reached = true;
      void family(pid)
        .then(victims)
        .then((pids) => pids.forEach((victim) => process.kill(victim, "SIGKILL")));
    }
  });
  await Promise.race([running, once(all, "end")]);
  const { exitCode } = await running;
  assert(reached, `up never came to ${String(moment)}:\n${seen}`);
  assert.notEqual(exitCode, 0, "up was not interrupted");
}

const engineOnly = async (pids: number[]): Promise<number[]> => {
  const names = await Promise.all(pids.map(nameOf));
  return pids.filter((_, index) => names[index] === "pulumi");
};
const everything = (pids: number[]): Promise<number[]> => Promise.resolve(pids);

describe("an interrupted up", function () {
  this.timeout(1_200_000);
  let complete: string[] = [];

  before(async () => {
    await sandboxSucceeds("up");
    complete = await resourceNames();
    await sandboxSucceeds("reset", "--yes");
  });

  it("can be killed as a whole while the machine is made and prepared, and while the engine begins", async () => {
    await upKilledAt(/… make the files of bibind-host/, everything);
    await upKilledAt(/… start machine bibind-host/, everything);
    await upKilledAt(/prepare the stack/, everything);
    await upKilledAt(/… pulumi up/, everything);
  });

  for (const [when, moment] of [
    ["while the snap is installed", /cluster-install-command creating/],
    ["while a chart is installed", /postgres-operator-release creating/],
    ["while the page is deployed", /welcome-deployment creating/],
    ["while Vault initialises itself", /iam-vault-chart-release created/],
    ["while the keys of Hydra are made", /iam-hydra-keyring-task-job creating/],
    ["while Kratos is installed", /iam-kratos-chart-release creating/],
  ] as const) {
    it(`can lose its engine ${when}`, async () => {
      await upKilledAt(moment, engineOnly);
    });
  }

  it("converges when it is run again: nothing doubled, nothing lost", async () => {
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
