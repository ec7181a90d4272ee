import { doesNotMatch, match } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { JsonObject } from "../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";
import { busybox } from "./kubernetes/chart.ts";
import { testCluster } from "./kubernetes/cluster.ts";
import { TestStack, type Declared } from "./kubernetes/stack.ts";

const namespace = `it-${randomBytes(4).toString("hex")}`;
const namespaceResource: Declared = {
  type: "kubernetes:core/v1:Namespace",
  name: "namespace",
  args: { metadata: { name: namespace } },
};

function declared(type: string, name: string, spec: JsonObject, timeout: string): Declared {
  const options = { dependsOn: ["namespace"], customTimeouts: { create: timeout, update: timeout } };
  return { type, name, args: { metadata: { name, namespace }, spec }, options };
}

/** A pod template of one container that runs a shell script. */
function script(name: string, text: string, more: JsonObject = {}): JsonObject {
  const container = { name, image: busybox, command: ["sh", "-c", text] };
  return {
    metadata: { labels: { app: name } },
    spec: { containers: [container], terminationGracePeriodSeconds: 1, ...more },
  };
}

/** On a busy node, a container that ends at once is seen running for a moment. It must run for longer to count as available. */
const minReadySeconds = 3;

const deployment = (name: string, text: string, timeout: string): Declared =>
  declared(
    "kubernetes:apps/v1:Deployment",
    name,
    { minReadySeconds, selector: { matchLabels: { app: name } }, template: script(name, text) },
    timeout,
  );
const job = (name: string, text: string): Declared =>
  declared(
    "kubernetes:batch/v1:Job",
    name,
    { backoffLimit: 0, template: script(name, text, { restartPolicy: "Never" }) },
    "120s",
  );

/** Needs a cluster whose node has the busybox image, such as the sandbox. */
describe("The wait for objects, on the real engine and a real node", function () {
  this.timeout(600_000);
  let stack: TestStack;

  before(async () => {
    stack = await TestStack.create((await testCluster()).kubeconfig);
  });

  after(async () => {
    await stack.declare([]);
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    await stack.remove();
  });

  it("ends when Deployment, Service and Job are ready", async () => {
    const ports = { selector: { app: "sleeper" }, ports: [{ port: 80 }] };
    const service = declared("kubernetes:core/v1:Service", "sleeper", ports, "120s");
    const all = [namespaceResource, deployment("sleeper", "sleep 3600", "120s"), { ...service, name: "service" }];
    await stack.declare([...all, job("greeter", "echo hello")]);
    match(await stack.up(), /\+ 6 created/);
    match(await stack.succeeds("refresh", "--yes", "--skip-preview"), /6 unchanged/);
  });

  const failures: readonly (readonly [what: string, resource: Declared, messages: readonly RegExp[]])[] = [
    [
      "a container that exits at once",
      deployment("crasher", "echo no config >&2; exit 3", "20s"),
      [/ended with code 3/, /no config/],
    ],
    ["a Job that fails", job("failer", "echo cannot reach it; exit 4"), [/the Job failed/, /cannot reach it/]],
    [
      "an image that cannot be pulled",
      declared(
        "kubernetes:core/v1:Pod",
        "puller",
        { containers: [{ name: "c", image: "no.example.com/none:1" }] },
        "20s",
      ),
      [/not ready after 20 s/, /ErrImagePull|ImagePullBackOff/],
    ],
  ];
  for (const [what, resource, messages] of failures) {
    it(`explains ${what}`, async () => {
      await stack.declare([namespaceResource, resource]);
      const output = await stack.fails("up", "--yes", "--skip-preview");
      for (const message of messages) {
        match(output, message);
      }
      doesNotMatch(output, /\n\s+at .*:\d+:\d+/, "the message contains a stack trace");
    });
  }
});
