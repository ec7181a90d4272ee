import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { prepareStack, recordedChoice } from "../../../../sandbox/commands/stack/stack.ts";
import type { StackChoice } from "../../../../sandbox/commands/stack/settings.ts";
import { stackFolder } from "../../../../sandbox/commands/stack/folder.ts";
import { useCacheFolder } from "../../../support/cache-folder.ts";
import { fakeEngine } from "../../../support/fake-engine.ts";

const layers = ["foundation", "iam"];
const onMachine: StackChoice = { cluster: "machine", layers };
const onExistingCluster: StackChoice = { cluster: "existing", layers };

describe("the sandbox's stack", () => {
  useCacheFolder();
  const kubeconfig = process.env.KUBECONFIG;

  afterEach(() => {
    if (kubeconfig === undefined) {
      delete process.env.KUBECONFIG;
    } else {
      process.env.KUBECONFIG = kubeconfig;
    }
  });

  it("belongs to the cluster that it was created for", async () => {
    const engine = await fakeEngine();
    process.env.KUBECONFIG = stackFolder("kubeconfig");
    await writeFile(process.env.KUBECONFIG, "clusters: []\nusers: []\n");
    await prepareStack(engine, onExistingCluster);
    assert.equal((await recordedChoice()).cluster, "existing");
    await assert.rejects(prepareStack(engine, onMachine), /stack was created with --cluster=existing/);
  });

  it("belongs to no cluster as long as the kubeconfig cannot be read", async () => {
    const engine = await fakeEngine();
    process.env.KUBECONFIG = stackFolder("absent");
    await assert.rejects(prepareStack(engine, onExistingCluster), /kubeconfig of the existing cluster cannot be read/);
    await prepareStack(engine, onMachine);
    assert.equal((await recordedChoice()).cluster, "machine");
  });
});
