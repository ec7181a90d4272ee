import assert from "node:assert/strict";
import { isDestroyUnfinished } from "../../sandbox/commands/stack/interrupted-destroy.ts";
import { allProcesses, engineProcesses, killAt, resourceNames } from "../support/interruption.ts";
import { engineSucceeds, sandboxSucceeds } from "../support/sandbox.ts";

const destroy = ["pulumi", "--", "destroy", "--yes", "--skip-preview", "--non-interactive", "--color", "never"];

describe("an up after an interrupted destroy", function () {
  this.timeout(1_200_000);
  let complete: string[] = [];

  before(async () => {
    await sandboxSucceeds("up");
    complete = await resourceNames();
  });

  for (const [when, moment, select] of [
    ["when it begins", /destroying/, allProcesses],
    ["while Vault and PostgreSQL are removed", /iam-(vault-chart-release|postgres-cluster) deleting/, allProcesses],
    ["while the namespace with all volumes is removed", /iam-namespace deleting/, engineProcesses],
    ["while MicroK8s is removed", /cluster-install-command deleting/, allProcesses],
  ] as const) {
    it(`restores the platform when the destroy was killed ${when}`, async () => {
      await killAt(destroy, moment, select);
      assert(isDestroyUnfinished());
      await sandboxSucceeds("up");
      assert(!isDestroyUnfinished());
      assert.deepEqual(await resourceNames(), complete);
      await engineSucceeds("up", "--yes", "--skip-preview", "--expect-no-changes");
      await engineSucceeds("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    });
  }

  it("restores the platform when the engine read the stack in between", async () => {
    await killAt(destroy, /iam-vault-chart-release deleting/, engineProcesses);
    await engineSucceeds("stack", "output");
    await sandboxSucceeds("up");
    assert.deepEqual(await resourceNames(), complete);
  });
});
