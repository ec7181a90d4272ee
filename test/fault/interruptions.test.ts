import assert from "node:assert/strict";
import { allProcesses, engineProcesses, killAt, resourceNames } from "../support/interruption.ts";
import { engineSucceeds, Kubectl, sandboxSucceeds } from "../support/sandbox.ts";

const inPostgres = ["-n", "iam", "exec", "postgres-1", "-c", "postgres", "--"] as const;

describe("an interrupted up", function () {
  this.timeout(1_200_000);
  let complete: string[] = [];

  before(async () => {
    await sandboxSucceeds("up");
    complete = await resourceNames();
    await sandboxSucceeds("reset", "--yes");
  });

  it("can be killed completely while it prepares the machine and the stack, and while the engine starts", async () => {
    await killAt(["up"], /… create the files of bibind-host/, allProcesses);
    await killAt(["up"], /… start machine bibind-host/, allProcesses);
    await killAt(["up"], /prepare the stack/, allProcesses);
    await killAt(["up"], /… pulumi up/, allProcesses);
  });

  for (const [when, moment] of [
    ["while the snap is installed", /cluster-install-command creating/],
    ["while port 80 is closed", /front-door-refusal creating/],
    ["while a chart is installed", /postgres-operator-release creating/],
    ["while Vault initialises itself", /iam-vault-chart-release created/],
    ["while the keys of Hydra are generated", /iam-hydra-keyring-task-job creating/],
    ["while Kratos is installed", /iam-kratos-chart-release creating/],
    ["while a Deployment is created", /iam-oauth-clients-deployment creating/],
  ] as const) {
    it(`can lose its engine ${when}`, async () => {
      await killAt(["up"], moment, engineProcesses);
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
