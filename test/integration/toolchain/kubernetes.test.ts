import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { eventually } from "../../support/eventually.ts";
import {
  at,
  listAt,
  numberAt,
  objectAt,
  textAt,
  type JsonObject,
} from "../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";
import { testCluster, type TestCluster } from "./kubernetes/cluster.ts";
import { TestStack, type Declared } from "./kubernetes/stack.ts";

const namespace = `it-${randomBytes(4).toString("hex")}`;
const group = `${namespace}.example.com`;
const secretText = "never-log-this-value";
/** Texts that must be encrypted in the state. */
const hidden = new RegExp(`${secretText}|${Buffer.from(secretText).toString("base64")}|certificate-authority-data`);
const labels = { app: "web" };
const podContainers = ["spec", "template", "spec", "containers"];
const noWait = { "pulumi.com/skipAwait": "true" };

function deployment(change: JsonObject = {}, selector: JsonObject = labels): Declared {
  const container = {
    name: "web",
    image: "no.example.com/web:1",
    ports: [{ name: "http", containerPort: 80 }],
    tty: false,
  };
  const resources = { requests: { cpu: "1000m", memory: "1024Mi" } };
  const template = { metadata: { labels: selector }, spec: { containers: [{ ...container, resources }] } };
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: "web",
    args: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace, annotations: noWait },
      spec: { replicas: 1, selector: { matchLabels: selector }, template, ...change },
    },
    options: { dependsOn: ["namespace"] },
  };
}

const base: readonly Declared[] = [
  { type: "kubernetes:core/v1:Namespace", name: "namespace", args: { metadata: { name: namespace } } },
  {
    type: "kubernetes:core/v1:ConfigMap",
    name: "settings",
    args: { metadata: { namespace }, data: { a: "1", empty: "" } },
    options: { dependsOn: ["namespace"] },
  },
  {
    type: "kubernetes:core/v1:Secret",
    name: "secret",
    args: { metadata: { name: "secret", namespace }, stringData: { text: secretText } },
    options: { dependsOn: ["namespace"] },
  },
  {
    type: "kubernetes:core/v1:Service",
    name: "service",
    args: { metadata: { namespace, annotations: noWait }, spec: { selector: labels, ports: [{ port: 80 }] } },
    options: { dependsOn: ["namespace"] },
  },
  {
    type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
    name: "role",
    args: { metadata: { namespace }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
    options: { dependsOn: ["namespace"] },
  },
  {
    type: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
    name: "definition",
    args: {
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { plural: "widgets", kind: "Widget" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: {
                  spec: {
                    type: "object",
                    properties: {
                      size: {
                        type: "integer",
                        "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "size is immutable" }],
                      },
                    },
                  },
                },
              },
            },
          },
        ],
      },
    },
  },
];

const widget = (spec: JsonObject): Declared => ({
  type: `kubernetes:${group}/v1:Widget`,
  name: "widget",
  args: { apiVersion: `${group}/v1`, kind: "Widget", metadata: { name: "widget", namespace }, spec },
  options: { dependsOn: ["definition", "namespace"] },
});
const all = [...base, deployment(), widget({ size: 1 })];

/** All resources, one of them with another declaration. */
function changed(other: Declared): readonly Declared[] {
  return all.map((each) => (each.name === other.name ? other : each));
}

describe("A program with the kubernetes provider, on the real engine and a real API server", function () {
  this.timeout(600_000);
  let cluster: TestCluster;
  let stack: TestStack;

  before(async () => {
    cluster = await testCluster();
    stack = await TestStack.create(cluster.kubeconfig);
    await stack.declare(all);
  });

  after(async () => {
    await stack.remove();
  });

  afterEach(async () => {
    await stack.declare(all);
  });

  it("creates everything in one run, even an object of a new kind, and encrypts secrets in the state", async () => {
    strictEqual((await stack.planned()).length, all.length + 2); // the stack and its provider
    match(await stack.up(), /\+ 10 created/);
    doesNotMatch(await stack.state(), hidden);
    strictEqual(textAt(await cluster.get("v1", "Namespace", undefined, namespace), "status", "phase"), "Active");
    strictEqual(at(await cluster.get(`${group}/v1`, "Widget", namespace, "widget"), "spec", "size"), 1);
  });

  it("changes nothing in a second run, and a refresh finds nothing", async () => {
    deepStrictEqual(await stack.planned(), []);
    match(await stack.up(), /10 unchanged/);
    match(await stack.succeeds("refresh", "--yes", "--skip-preview"), /10 unchanged/);
    deepStrictEqual(await stack.planned(), []);
  });

  it("encrypts secrets in the state after a refresh too", async () => {
    doesNotMatch(await stack.state(), hidden);
  });

  it("finds only the field that was changed by hand, and reverts it", async () => {
    await cluster.patch(`/apis/apps/v1/namespaces/${namespace}/deployments/web`, {
      metadata: { labels: { "of-another": "owner" } },
      spec: { replicas: 3 },
    });
    deepStrictEqual(await stack.planned("--refresh"), ["update web"]);
    await stack.succeeds("up", "--yes", "--skip-preview", "--refresh");
    const live = await cluster.get("apps/v1", "Deployment", namespace, "web");
    strictEqual(numberAt(live, "spec", "replicas"), 1);
    strictEqual(textAt(live, "metadata", "labels", "of-another"), "owner");
  });

  it("restores the number of a port that was changed by hand, and has one field manager for it", async () => {
    const services = await cluster.api.list({ apiVersion: "v1", kind: "Service" }, namespace, {});
    const service = textAt(services[0], "metadata", "name") ?? "";
    await cluster.patch(`/api/v1/namespaces/${namespace}/services/${service}`, { spec: { ports: [{ port: 81 }] } });
    const containers = listAt(await cluster.get("apps/v1", "Deployment", namespace, "web"), ...podContainers);
    const changedPort = containers.map((each) => ({ ...objectAt(each), ports: [{ name: "http", containerPort: 81 }] }));
    await cluster.patch(`/apis/apps/v1/namespaces/${namespace}/deployments/web`, {
      spec: { template: { spec: { containers: changedPort } } },
    });
    deepStrictEqual((await stack.planned("--refresh")).toSorted(), ["update service", "update web"]);
    await stack.succeeds("up", "--yes", "--skip-preview", "--refresh");
    const objects = [
      await cluster.get("v1", "Service", namespace, service),
      await cluster.get("apps/v1", "Deployment", namespace, "web"),
    ];
    deepStrictEqual(
      objects.map((live, index) => listAt(live, ...(index === 0 ? ["spec", "ports"] : [...podContainers, 0, "ports"]))),
      [[{ port: 80, protocol: "TCP", targetPort: 80 }], [{ name: "http", containerPort: 80, protocol: "TCP" }]],
    );
    for (const owner of objects.flatMap((live) => listAt(live, "metadata", "managedFields"))) {
      const patched = textAt(owner, "operation") === "Update";
      strictEqual(patched && textAt(owner, "manager")?.startsWith("pulumi-kubernetes") === true, false);
    }
    deepStrictEqual(await stack.planned("--refresh"), []);
  });

  it("finds an object that was deleted by hand, and creates it again", async () => {
    await cluster.remove(`/api/v1/namespaces/${namespace}/secrets/secret`);
    match(await stack.succeeds("up", "--yes", "--skip-preview", "--refresh"), /\+ 1 created/);
    strictEqual(textAt(await cluster.get("v1", "Secret", namespace, "secret"), "type"), "Opaque");
  });

  it("updates only the object whose inputs change", async () => {
    await stack.declare(changed(deployment({ replicas: 2 })));
    deepStrictEqual(await stack.planned(), ["update web"]);
    match(await stack.up(), /~ 1 updated/);
    await stack.declare(all);
    await stack.up();
  });

  it("replaces an object when a field changes that is immutable for the plugin or for the server", async () => {
    const before = await cluster.get("apps/v1", "Deployment", namespace, "web");
    await stack.declare(
      changed(deployment({}, { app: "other" })).map((each) => (each.name === "widget" ? widget({ size: 2 }) : each)),
    );
    const steps = await stack.planned();
    deepStrictEqual(steps.filter((step) => step.startsWith("replace")).toSorted(), ["replace web", "replace widget"]);
    match(await stack.up(), /\+-2 replaced/);
    const after = await cluster.get("apps/v1", "Deployment", namespace, "web");
    strictEqual(at(before, "metadata", "uid") === at(after, "metadata", "uid"), false);
    deepStrictEqual(await stack.planned(), []);
    await stack.declare(all);
    await stack.up();
  });

  it("resumes after the engine was killed during a wait", async () => {
    const waits = { "pulumi.com/waitFor": "jsonpath={.data.done}=yes" };
    const late = (data: JsonObject): Declared => ({
      type: "kubernetes:core/v1:ConfigMap",
      name: "late",
      args: { metadata: { name: "late", namespace, annotations: waits }, data },
    });
    await stack.declare([...all, late({ done: "no" })]);
    const run = stack.start("up", "--yes", "--skip-preview");
    await eventually("the object exists", 60, async () => {
      strictEqual(textAt(await cluster.get("v1", "ConfigMap", namespace, "late"), "data", "done"), "no");
    });
    run.kill("SIGKILL");
    await run;
    await stack.succeeds("cancel", "--yes");
    await stack.declare([...all, late({ done: "yes" })]);
    match(await stack.up(), /\+ 1 created/);
    deepStrictEqual(await stack.planned(), []);
    await stack.declare(all);
    await stack.up();
  });

  const oneMore = (name: string, type: string, args: JsonObject): readonly Declared[] => [...all, { type, name, args }];
  const mistakes: readonly (readonly [what: string, resources: readonly Declared[], message: RegExp])[] = [
    [
      "an unknown property",
      changed(deployment({ replicass: 2 })),
      /Deployment "web" in namespace.*does not know: spec\.replicass/,
    ],
    [
      "an unknown top-level property",
      oneMore("wrong", "kubernetes:core/v1:ConfigMap", { metadata: { namespace }, dataa: { a: "1" } }),
      /ConfigMap "wrong-[0-9a-f]+" in namespace.*does not know: dataa/,
    ],
    ["an unknown property of a custom kind", changed(widget({ sizee: 1 })), /does not know: spec\.sizee/],
    [
      "an object that already exists",
      oneMore("theirs", "kubernetes:core/v1:ConfigMap", { metadata: { name: "kube-root-ca.crt", namespace } }),
      /ConfigMap "kube-root-ca\.crt" in namespace.*already exists/,
    ],
    [
      "an unknown annotation of Pulumi",
      oneMore("wrong", "kubernetes:core/v1:ConfigMap", {
        metadata: { namespace, annotations: { "pulumi.com/skipAwaitt": "true" } },
      }),
      /pulumi\.com\/skipAwaitt/,
    ],
    [
      "an unsupported resource type",
      oneMore("wrong", "kubernetes:yaml/v2:ConfigFile", { file: "x" }),
      /kubernetes:yaml\/v2:ConfigFile/,
    ],
  ];
  for (const [what, resources, message] of mistakes) {
    it(`fails in the preview with one clear message: ${what}`, async () => {
      await stack.declare(resources);
      const output = await stack.fails("preview");
      match(output, message);
      doesNotMatch(output, /\n\s+at .*:\d+:\d+/, "the message contains a stack trace");
    });
  }

  it("names an unsupported provider setting", async () => {
    await stack.succeeds("config", "set", "--path", "provider.renderYamlToDirectory", "out");
    match(await stack.fails("preview"), /renderYamlToDirectory/);
    await stack.succeeds("config", "rm", "provider");
  });

  it("names an API server that does not answer", async () => {
    const closedPort = cluster.kubeconfig.replaceAll(/https:\/\/[^\s"]+/g, "https://127.0.0.1:9");
    const unreachable = await TestStack.create(closedPort);
    try {
      await unreachable.declare(base);
      match(await unreachable.fails("preview"), /does not answer: connect ECONNREFUSED.*\n.*https:\/\/127\.0\.0\.1:9/);
    } finally {
      await unreachable.remove();
    }
  });

  it("deletes everything and waits until the deletion is complete", async () => {
    match(await stack.succeeds("destroy", "--yes", "--skip-preview"), /- 10 deleted/);
    strictEqual(await cluster.get("v1", "Namespace", undefined, namespace), undefined);
    const definition = await cluster.get(
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      undefined,
      `widgets.${group}`,
    );
    strictEqual(definition, undefined);
  });
});
