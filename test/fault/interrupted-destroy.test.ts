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

  for (const { when, moment, select, isReadBefore } of [
    { when: "when it begins", moment: /destroying/, select: allProcesses, isReadBefore: false },
    {
      when: "while Vault and PostgreSQL are removed",
      moment: /iam-(vault-chart-release|postgres-cluster) deleting/,
      select: allProcesses,
      isReadBefore: true,
    },
    {
      when: "while the namespace with all volumes is removed",
      moment: /iam-namespace deleting/,
      select: engineProcesses,
      isReadBefore: true,
    },
    {
      when: "while MicroK8s is removed",
      moment: /cluster-install-command deleting/,
      select: allProcesses,
      isReadBefore: false,
    },
  ]) {
    const between = isReadBefore ? ", and the engine read the stack in between" : "";
    it(`restores the platform when the destroy was killed ${when}${between}`, async () => {
      await killAt(destroy, moment, select);
      assert(isDestroyUnfinished());
      if (isReadBefore) {
        await engineSucceeds("stack", "output");
      }
      await sandboxSucceeds("up");
      assert(!isDestroyUnfinished());
      assert.deepEqual(await resourceNames(), complete);
      await engineSucceeds("up", "--yes", "--skip-preview", "--expect-no-changes");
      await engineSucceeds("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    });
  }
});
