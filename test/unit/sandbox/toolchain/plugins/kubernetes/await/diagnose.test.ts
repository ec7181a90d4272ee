import assert from "node:assert/strict";
import type { Look } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/client.ts";
import { troubles } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/await/diagnose.ts";
import type { JsonObject } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

function cluster(pods: readonly JsonObject[], events: readonly JsonObject[] = [], log = ""): Look {
  return {
    get: () => Promise.resolve(undefined),
    list: ({ kind }) => Promise.resolve(kind === "Pod" ? pods : events),
    podLog: () => Promise.resolve(log),
  };
}

const deployment = { kind: "Deployment", metadata: { name: "web", namespace: "shop", uid: "1" } };
const pod = (...containerStatuses: JsonObject[]) => ({
  kind: "Pod",
  metadata: { name: "web-1", namespace: "shop" },
  status: { phase: "Pending", containerStatuses },
});

describe("what an object that does not get ready lacks", () => {
  it("shows the image that cannot be pulled", async () => {
    const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "x:1"' };
    const found = await troubles(deployment, "app=web", cluster([pod({ name: "c", state: { waiting } })]));
    assert.deepEqual(found, ['Pod "web-1": container "c" waits: ImagePullBackOff: Back-off pulling image "x:1"']);
  });

  it("shows how a container ended, with its last lines", async () => {
    const status = {
      name: "c",
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 3, reason: "Error" } },
    };
    const [first = "", second = ""] = await troubles(deployment, "app=web", cluster([pod(status)], [], "boom"));
    assert.match(first, /CrashLoopBackOff/);
    assert.match(second, /ended with code 3 \(Error\).*boom/s);
  });

  it("shows that nothing can be scheduled", async () => {
    const unplaced = {
      ...pod(),
      status: {
        conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" }],
      },
    };
    assert.deepEqual(await troubles(deployment, "app=web", cluster([unplaced])), [
      'Pod "web-1": Unschedulable: 0/1 nodes',
    ]);
  });

  it("leaves out pods that are well", async () => {
    const well = { ...pod(), status: { conditions: [{ type: "Ready", status: "True" }] } };
    assert.deepEqual(await troubles(deployment, "app=web", cluster([well])), []);
  });

  it("shows the newest warnings, each once", async () => {
    const event = (message: string, lastTimestamp: string) => ({ reason: "Failed", message, lastTimestamp });
    const events = [event("old", "2026-01-01"), event("new", "2026-01-02"), event("new", "2026-01-03")];
    assert.deepEqual(await troubles(deployment, undefined, cluster([], events)), ["Failed: new", "Failed: old"]);
  });
});
