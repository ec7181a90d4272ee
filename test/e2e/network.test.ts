import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { applicationLabel, type PodsOf } from "../../components/kubernetes/application.ts";
import { projectFolder } from "../../sandbox/builds/folders.ts";
import { layers } from "../../stacks/layers.ts";
import { openingsOf, type NamedOpening } from "../../stacks/map/openings.ts";
import { assembleMap } from "../../stacks/map/platform-map.ts";
import { ensureSandboxIsUp, Kubectl } from "../support/sandbox.ts";

const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        uid: z.string(),
        name: z.string(),
        namespace: z.string(),
        labels: z.record(z.string(), z.string()).default({}),
      }),
      spec: z.object({ hostNetwork: z.boolean().default(false) }),
      status: z.object({ phase: z.string(), podIP: z.string().default("") }),
    }),
  ),
});
type Pod = z.infer<typeof podList>["items"][number];

const probeResult = z.object({
  listening: z.record(z.string(), z.array(z.number())),
  connected: z.array(z.tuple([z.string(), z.string(), z.number()])),
});

const models = layers.map(({ name }) => name);
const map = assembleMap(layers.map(({ mapPart }) => mapPart));
/** The namespaces that are closed although they are no models, with the ports that everybody reaches. */
const closed = new Map(
  [...map.applications.values()].flatMap(({ namespace, publicPorts = [] }) =>
    namespace === undefined ? [] : [[namespace, publicPorts] as const],
  ),
);
const openings = models.flatMap((layer) => openingsOf(map, layer));

/** The running pods that have a network of their own. */
async function podsWithNetwork(): Promise<Pod[]> {
  const kubectl = await Kubectl.ofSandbox();
  const { items } = podList.parse(JSON.parse(await kubectl.run("get", "pods", "--all-namespaces", "--output", "json")));
  return items.filter(({ spec, status }) => !spec.hostNetwork && status.phase === "Running" && status.podIP !== "");
}

/** Tries every connection from the network namespaces of the pods, on the sandbox's host. */
async function probe(pods: readonly Pod[]): Promise<z.infer<typeof probeResult>> {
  const described = pods.map(({ metadata, status }) => ({
    uid: metadata.uid,
    address: status.podIP,
    isTarget: models.includes(metadata.namespace) || closed.has(metadata.namespace),
  }));
  const script = await readFile(join(projectFolder, "test", "support", "probe-pods.py"), "utf8");
  const encoded = Buffer.from(script).toString("base64");
  const command = `python3 -c 'import base64; exec(base64.b64decode("${encoded}"))'`;
  const { stdout } = await execa(
    join(projectFolder, "node_modules", ".bin", "node"),
    ["sandbox/main.ts", "ssh", "--", "sudo", command],
    { cwd: projectFolder, input: JSON.stringify({ pods: described }) },
  );
  return probeResult.parse(JSON.parse(stdout));
}

function isOneOf(pod: Pod, { namespace, application }: PodsOf): boolean {
  const { metadata } = pod;
  return (
    metadata.namespace === namespace && (application === undefined || metadata.labels[applicationLabel] === application)
  );
}

const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;
const connection = (from: Pod, to: Pod, port: number): string => `${nameOf(from)} → ${nameOf(to)}:${port}`;

/** The ports on which each pod listens, by the pod's UID. */
type Listening = Readonly<Record<string, readonly number[]>>;

function listens(pod: Pod, port: number, listening: Listening): boolean {
  return listening[pod.metadata.uid]?.includes(port) === true;
}

/** The connections that an opening allows among these pods, to ports on which the target listens. */
function allowedBy(opening: NamedOpening, pods: readonly Pod[], listening: Listening): string[] {
  const targets = pods.filter((pod) => isOneOf(pod, opening.to));
  return pods
    .filter((pod) => isOneOf(pod, opening.from))
    .flatMap((from) => targets.filter((to) => to !== from).map((to) => [from, to] as const))
    .flatMap(([from, to]) =>
      opening.ports.filter((port) => listens(to, port, listening)).map((port) => connection(from, to, port)),
    );
}

/** The connections to the public ports of the closed namespaces. */
function publicConnections(pods: readonly Pod[], listening: Listening): string[] {
  return pods.flatMap((to) =>
    (closed.get(to.metadata.namespace) ?? [])
      .filter((port) => listens(to, port, listening))
      .flatMap((port) => pods.filter((from) => from !== to).map((from) => connection(from, to, port))),
  );
}

describe("the network of the platform", function () {
  this.timeout(300_000);
  let pods: readonly Pod[];
  let result: z.infer<typeof probeResult>;

  before(async () => {
    await ensureSandboxIsUp();
    pods = await podsWithNetwork();
    result = await probe(pods);
  });

  it("has pods of every layer, and each of them was probed", () => {
    assert.ok(pods.some((pod) => !models.includes(pod.metadata.namespace)));
    for (const model of new Set(openings.map(({ to }) => to.namespace))) {
      assert.ok(
        pods.some((pod) => pod.metadata.namespace === model),
        `no pod runs in ${model}`,
      );
    }
    assert.deepEqual(Object.keys(result.listening).sort(), pods.map(({ metadata }) => metadata.uid).sort());
  });

  it("opens only ports on which a pod of the application listens", () => {
    for (const { name, to, ports } of openings) {
      const targets = pods.filter((pod) => isOneOf(pod, to));
      for (const port of ports) {
        assert.ok(
          targets.some((pod) => listens(pod, port, result.listening)),
          `${name} opens port ${port}`,
        );
      }
    }
  });

  it("connects exactly the pods that a relation or a public port connects, out of every pair of pods", () => {
    const byUid = new Map(pods.map((pod) => [pod.metadata.uid, pod]));
    const connected = result.connected.map(([source, target, port]) => {
      const [from, to] = [byUid.get(source), byUid.get(target)];
      assert.ok(from !== undefined && to !== undefined);
      return connection(from, to, port);
    });
    const allowed = new Set([
      ...openings.flatMap((opening) => allowedBy(opening, pods, result.listening)),
      ...publicConnections(pods, result.listening),
    ]);
    assert.deepEqual([...new Set(connected)].sort(), [...allowed].sort());
  });
});
