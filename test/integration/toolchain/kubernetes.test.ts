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
const secretText = "not-to-be-told-value";
/** What no state may hold in clear. */
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

/** The same resources with another declaration of one of them. */
function changed(other: Declared): readonly Declared[] {
  return all.map((each) => (each.name === other.name ? other : each));
}

describe("A program with the kubernetes provider, on the real engine and a real API server", function () {
  this.timeout(600_000);
  let cluster: TestCluster;
  let stack: TestStack;

  before(async () => {
    cluster = await testCluster();
    stack = await TestStack.make(cluster.kubeconfig);
    await stack.declare(all);
  });

  after(async () => {
    await stack.remove();
  });

  afterEach(async () => {
    await stack.declare(all);
  });

  it("makes everything in one run, a kind that it installs included, with no secret in the state", async () => {
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

  it("keeps secrets out of the state after a refresh as well", async () => {
    doesNotMatch(await stack.state(), hidden);
  });

  it("finds a field that was changed by hand, and only that one, and takes it back", async () => {
    await cluster.patch(`/apis/apps/v1/namespaces/${namespace}/deployments/web`, {
      metadata: { labels: { "of-somebody": "else" } },
      spec: { replicas: 3 },
    });
    deepStrictEqual(await stack.planned("--refresh"), ["update web"]);
    await stack.succeeds("up", "--yes", "--skip-preview", "--refresh");
    const live = await cluster.get("apps/v1", "Deployment", namespace, "web");
    strictEqual(numberAt(live, "spec", "replicas"), 1);
    strictEqual(textAt(live, "metadata", "labels", "of-somebody"), "else");
  });

  it("puts back a port whose number was changed by hand, with and without a name, and owns it once", async () => {
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

  it("finds an object that was removed by hand, and makes it again", async () => {
    await cluster.remove(`/api/v1/namespaces/${namespace}/secrets/secret`);
    match(await stack.succeeds("up", "--yes", "--skip-preview", "--refresh"), /\+ 1 created/);
    strictEqual(textAt(await cluster.get("v1", "Secret", namespace, "secret"), "type"), "Opaque");
  });

  it("changes exactly the object whose setting changes", async () => {
    await stack.declare(changed(deployment({ replicas: 2 })));
    deepStrictEqual(await stack.planned(), ["update web"]);
    match(await stack.up(), /~ 1 updated/);
    await stack.declare(all);
    await stack.up();
  });

  it("replaces an object when a fixed field changes, whether we know the field or only the server does", async () => {
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

  it("goes on after the engine was killed while it waited", async () => {
    const waits = { "pulumi.com/waitFor": "jsonpath={.data.done}=yes" };
    const late = (data: JsonObject): Declared => ({
      type: "kubernetes:core/v1:ConfigMap",
      name: "late",
      args: { metadata: { name: "late", namespace, annotations: waits }, data },
    });
    await stack.declare([...all, late({ done: "no" })]);
    const run = stack.start("up", "--yes", "--skip-preview");
    await eventually("the object is there", 60, async () => {
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
  const mistakes: readonly (readonly [what: string, resources: readonly Declared[], says: RegExp])[] = [
    [
      "a property that the kind does not know",
      changed(deployment({ replicass: 2 })),
      /Deployment "web" in namespace.*does not know: spec\.replicass/,
    ],
    [
      "a top-level property that the kind does not know",
      oneMore("wrong", "kubernetes:core/v1:ConfigMap", { metadata: { namespace }, dataa: { a: "1" } }),
      /ConfigMap "wrong-[0-9a-f]+" in namespace.*does not know: dataa/,
    ],
    ["a property that a custom kind does not know", changed(widget({ sizee: 1 })), /does not know: spec\.sizee/],
    [
      "an object that is there already",
      oneMore("theirs", "kubernetes:core/v1:ConfigMap", { metadata: { name: "kube-root-ca.crt", namespace } }),
      /ConfigMap "kube-root-ca\.crt" in namespace.*already exists/,
    ],
    [
      "an annotation of Pulumi that is not known",
      oneMore("wrong", "kubernetes:core/v1:ConfigMap", {
        metadata: { namespace, annotations: { "pulumi.com/skipAwaitt": "true" } },
      }),
      /pulumi\.com\/skipAwaitt/,
    ],
    [
      "a kind of resource that the plugin does not implement",
      oneMore("wrong", "kubernetes:yaml/v2:ConfigFile", { file: "x" }),
      /kubernetes:yaml\/v2:ConfigFile/,
    ],
  ];
  for (const [what, resources, says] of mistakes) {
    it(`${what} ends the preview in one clear message`, async () => {
      await stack.declare(resources);
      const output = await stack.fails("preview");
      match(output, says);
      doesNotMatch(output, /\n\s+at .*:\d+:\d+/, "the message carries a stack trace");
    });
  }

  it("names a provider setting that it does not support", async () => {
    await stack.succeeds("config", "set", "--path", "provider.renderYamlToDirectory", "out");
    match(await stack.fails("preview"), /renderYamlToDirectory/);
    await stack.succeeds("config", "rm", "provider");
  });

  it("names the API server that does not answer", async () => {
    const nowhere = cluster.kubeconfig.replaceAll(/https:\/\/[^\s"]+/g, "https://127.0.0.1:9");
    const lost = await TestStack.make(nowhere);
    try {
      await lost.declare(base);
      match(await lost.fails("preview"), /does not answer: connect ECONNREFUSED.*\n.*https:\/\/127\.0\.0\.1:9/);
    } finally {
      await lost.remove();
    }
  });

  it("removes everything and waits until it is gone", async () => {
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
