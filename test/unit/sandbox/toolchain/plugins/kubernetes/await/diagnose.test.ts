import assert from "node:assert/strict";
import type { ClusterReader } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/client.ts";
import { problemsOf } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/await/diagnose.ts";
import type { JsonObject } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

function cluster(pods: readonly JsonObject[], events: readonly JsonObject[] = [], log = ""): ClusterReader {
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

describe("the problems of an object that does not become ready", () => {
  it("include an image that cannot be pulled", async () => {
    const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "x:1"' };
    const found = await problemsOf(deployment, "app=web", cluster([pod({ name: "c", state: { waiting } })]));
    assert.deepEqual(found, ['Pod "web-1": container "c" is waiting: ImagePullBackOff: Back-off pulling image "x:1"']);
  });

  it("include the exit code of a container and its last lines", async () => {
    const status = {
      name: "c",
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 3, reason: "Error" } },
    };
    const [first = "", second = ""] = await problemsOf(deployment, "app=web", cluster([pod(status)], [], "boom"));
    assert.match(first, /CrashLoopBackOff/);
    assert.match(second, /ended with code 3 \(Error\).*boom/s);
  });

  it("include a pod that cannot be scheduled", async () => {
    const unschedulable = {
      ...pod(),
      status: {
        conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" }],
      },
    };
    assert.deepEqual(await problemsOf(deployment, "app=web", cluster([unschedulable])), [
      'Pod "web-1": Unschedulable: 0/1 nodes',
    ]);
  });

  it("exclude healthy pods", async () => {
    const healthy = { ...pod(), status: { conditions: [{ type: "Ready", status: "True" }] } };
    assert.deepEqual(await problemsOf(deployment, "app=web", cluster([healthy])), []);
  });

  it("include the latest warnings, each once", async () => {
    const event = (message: string, lastTimestamp: string) => ({ reason: "Failed", message, lastTimestamp });
    const events = [event("old", "2026-01-01"), event("new", "2026-01-02"), event("new", "2026-01-03")];
    assert.deepEqual(await problemsOf(deployment, undefined, cluster([], events)), ["Failed: new", "Failed: old"]);
  });
});
