import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { isObject } from "../../../../services/drift/json.ts";
import { projectFolder } from "../../../../sandbox/builds/folders.ts";

const provider = "urn:pulumi:test::bibind::pulumi:providers:kubernetes::kubernetes";
const manager = "pulumi-kubernetes-0123abcd";

interface Change {
  readonly type: string | undefined;
  readonly path: string;
  readonly fieldManager: string | null;
  readonly force: string | null;
  readonly body: unknown;
}

const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");

const manifest = `---
apiVersion: v1
kind: ConfigMap
metadata:
  name: from-chart
data:
  mode: "0440"
---
`;

const helmRecord = {
  data: { release: base64(base64(gzipSync(JSON.stringify({ name: "vault", manifest })))) },
};

const kinds: Readonly<Record<string, object>> = {
  "/apis/apps/v1": { resources: [{ name: "deployments", kind: "Deployment", namespaced: true }] },
  "/apis/networking.k8s.io/v1": { resources: [{ name: "networkpolicies", kind: "NetworkPolicy", namespaced: true }] },
  "/api/v1": {
    resources: [
      { name: "secrets", kind: "Secret", namespaced: true },
      { name: "secrets/status", kind: "Secret", namespaced: true },
      { name: "configmaps", kind: "ConfigMap", namespaced: true },
    ],
  },
  "/api/v1/namespaces/iam/secrets": { items: [helmRecord] },
};

const deployment = {
  urn: "urn:d",
  type: "kubernetes:apps/v1:Deployment",
  id: "iam/hydra",
  inputs: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "hydra" }, spec: { replicas: 1 } },
};
const policy = {
  urn: "urn:p",
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  id: "iam/closed",
  inputs: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "closed" }, spec: {} },
};
const secret = {
  urn: "urn:s",
  type: "kubernetes:core/v1:Secret",
  id: "iam/key",
  inputs: { apiVersion: "v1", kind: "Secret", metadata: { name: "key" }, data: { key: "ZGVjbGFyZWQ=" } },
};
const release = { urn: "urn:r", type: "kubernetes:helm.sh/v3:Release", id: "iam/vault", inputs: {} };

const owner = (name: string, fieldsV1: object, subresource?: string): object => ({
  manager: name,
  operation: "Update",
  time: "2026-01-01T00:00:00Z",
  subresource,
  fieldsV1,
});

const paths = {
  deployment: "/apis/apps/v1/namespaces/iam/deployments/hydra",
  policy: "/apis/networking.k8s.io/v1/namespaces/iam/networkpolicies/closed",
  secret: "/api/v1/namespaces/iam/secrets/key",
  chart: "/api/v1/namespaces/iam/configmaps/from-chart",
};

const scaled = {
  ...deployment.inputs,
  spec: { replicas: 3 },
  metadata: { name: "hydra", managedFields: [owner("kubectl", { "f:spec": { "f:replicas": {} } }, "scale")] },
};
const opened = {
  ...policy.inputs,
  spec: { ingress: [{}] },
  metadata: { name: "closed", managedFields: [owner("kubectl-patch", { "f:spec": { "f:ingress": {} } })] },
};
const changedSecret = { ...secret.inputs, data: { key: "bGl2ZQ==" } };

describe("make drift", function () {
  this.timeout(60_000);
  let server: Server;
  let live: Readonly<Record<string, object>> = {};
  let refused = "";
  const changes: Change[] = [];

  before(async () => {
    server = createServer((request, response) => {
      const { pathname: path, searchParams } = new URL(request.url ?? "", "http://server");
      const type = request.headers["content-type"];
      void (request.method === "GET" ? Promise.resolve(undefined) : json(request)).then((body: unknown) => {
        if (request.method !== "GET") {
          changes.push({
            type,
            path,
            fieldManager: searchParams.get("fieldManager"),
            force: searchParams.get("force"),
            body,
          });
        }
        const found = request.method === "GET" ? (live[path] ?? kinds[path]) : {};
        const status = found === undefined ? 404 : request.method !== "GET" && path === refused ? 422 : 200;
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(status === 200 ? found : { message: "the server says no" }));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
  });

  beforeEach(() => {
    changes.length = 0;
    refused = "";
    live = {};
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Runs the command for a stack with these resources. */
  async function drift(resources: readonly object[], ...args: readonly string[]) {
    const address = server.address();
    assert(typeof address === "object" && address !== null);
    const kubeconfig = JSON.stringify({
      "current-context": "c",
      clusters: [{ name: "k", cluster: { server: `http://127.0.0.1:${address.port}` } }],
      contexts: [{ name: "c", context: { cluster: "k" } }],
      users: [],
    });
    const declared = resources.map((resource) => ({
      custom: true,
      provider: `${provider}::p`,
      outputs: { __fieldManager: manager },
      ...resource,
    }));
    const input = JSON.stringify({
      deployment: {
        resources: [
          { urn: provider, type: "pulumi:providers:kubernetes", id: "p", inputs: { kubeconfig } },
          ...declared,
        ],
      },
    });
    const { exitCode, stdout, stderr } = await execa(process.execPath, ["services/drift/main.ts", ...args], {
      cwd: projectFolder,
      input,
      reject: false,
    });
    return { exitCode, stdout, stderr };
  }

  it("finds nothing when everything is as declared", async () => {
    const fromChart = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "from-chart" }, data: { mode: "0440" } };
    const running = { ...deployment.inputs, spec: { replicas: 1, paused: false } };
    live = { [paths.deployment]: running, [paths.chart]: fromChart };
    const { exitCode, stdout } = await drift([deployment, release]);
    assert.equal(stdout, "0 of 2 objects are not as declared");
    assert.equal(exitCode, 0);
  });

  it("names the field, both values, and who changed it and when", async () => {
    live = { [paths.deployment]: scaled };
    const { exitCode, stdout } = await drift([deployment]);
    assert.match(stdout, /^iam\/Deployment hydra \(apps\/v1\)$/m);
    const line = "spec.replicas: declared 1, live 3; by kubectl (Update of scale) at 2026-01-01T00:00:00Z";
    assert(stdout.includes(`  ${line}\n`), stdout);
    assert.equal(exitCode, 2);
  });

  it("finds what somebody added to an object", async () => {
    live = { [paths.policy]: opened };
    const { stdout } = await drift([policy]);
    assert.match(stdout, /spec\.ingress: was added: \[\{\}\]; by kubectl-patch \(Update\)/);
  });

  it("finds an object that does not exist, and one of a chart", async () => {
    const { exitCode, stdout } = await drift([deployment, release]);
    assert.match(stdout, /^iam\/Deployment hydra \(apps\/v1\)\n {2}does not exist; /m);
    assert.match(stdout, /^iam\/ConfigMap from-chart \(v1\)\n {2}does not exist; /m);
    assert.equal(exitCode, 2);
  });

  it("does not show the value of a secret, neither the declared nor the live one", async () => {
    live = { [paths.secret]: changedSecret };
    const { stdout } = await drift([secret]);
    assert.match(stdout, /data\.key: differs; /);
    assert.doesNotMatch(stdout, /ZGVjbGFyZWQ|bGl2ZQ/);
  });

  it("changes nothing unless it is told to", async () => {
    live = { [paths.deployment]: scaled };
    await drift([deployment]);
    assert.deepEqual(changes, []);
  });

  it("puts an object back by the field manager that Pulumi uses, so that no field gets another owner", async () => {
    live = { [paths.deployment]: scaled };
    const { exitCode, stdout } = await drift([deployment], "--put-back");
    const [change, ...others] = changes;
    assert.deepEqual(others, []);
    assert.equal(change?.path, paths.deployment);
    assert.equal(change.type, "application/apply-patch+yaml");
    assert.equal(change.fieldManager, manager);
    assert.equal(change.force, "true");
    assert(isObject(change.body));
    assert.deepEqual(change.body["metadata"], { name: "hydra", namespace: "iam" });
    assert.match(stdout, /^iam\/Deployment hydra is put back$/m);
    assert.equal(exitCode, 0);
  });

  it("creates an object again that somebody deleted", async () => {
    await drift([deployment], "--put-back");
    assert.deepEqual(
      changes.map(({ path, type }) => [path, type]),
      [[paths.deployment, "application/apply-patch+yaml"]],
    );
  });

  it("removes what was added, if it is still the same, and then applies the object", async () => {
    live = { [paths.policy]: opened };
    await drift([policy], "--put-back");
    assert.deepEqual(
      changes.map(({ type }) => type),
      ["application/json-patch+json", "application/apply-patch+yaml"],
    );
    assert.deepEqual(changes[0]?.body, [
      { op: "test", path: "/spec/ingress", value: [{}] },
      { op: "remove", path: "/spec/ingress" },
    ]);
  });

  it("goes on after an object that the server refuses, and does not quote a secret", async () => {
    live = { [paths.secret]: changedSecret, [paths.deployment]: scaled };
    refused = paths.secret;
    const { exitCode, stdout, stderr } = await drift([secret, deployment], "--put-back");
    assert.match(stderr, /^the object cannot be put back: HTTP 422\n {2}where: {2}iam\/Secret key\n {2}remedy: /);
    assert.match(stdout, /^iam\/Deployment hydra is put back$/m);
    assert.equal(exitCode, 1);
  });

  it("says what to do without a state on standard input", async () => {
    const { exitCode, stderr } = await execa(process.execPath, ["services/drift/main.ts"], {
      cwd: projectFolder,
      input: "",
      reject: false,
    });
    assert.match(stderr, /remedy: pulumi stack export --show-secrets \| node services\/drift\/main\.ts/);
    assert.equal(exitCode, 1);
  });
});
