import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubernetesApi } from "../../../../../services/identity/kubernetes/api.ts";
import type { Fetch } from "../../../../../services/identity/network/retrying-fetch.ts";
import { KubernetesSecret } from "../../../../../services/identity/vault-init/kubernetes-secret.ts";

const secretName = { namespace: "iam", name: "vault-init" };
const base64 = (text: string): string => Buffer.from(text).toString("base64");

interface Sent {
  readonly line: string;
  readonly headers: Headers;
  readonly body: unknown;
}

describe("a Secret in the Kubernetes API", () => {
  let folder: string;
  let sent: Sent[];
  let answer: Response;

  const fetch: Fetch = (url, init = {}) => {
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    sent.push({ line: `${init.method ?? ""} ${String(url)}`, headers: new Headers(init.headers), body });
    return Promise.resolve(answer);
  };
  const open = () => {
    const settings = { server: "https://api.test:6443", tokenFile: join(folder, "token"), caFile: "unused" };
    return new KubernetesSecret(secretName, new KubernetesApi(settings, fetch));
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-secret-"));
    await writeFile(join(folder, "token"), "the-token\n");
  });

  after(() => rm(folder, { recursive: true }));

  beforeEach(() => {
    sent = [];
    answer = Response.json({});
  });

  it("is read with the pod's token, and its values are decoded", async () => {
    answer = Response.json({ kind: "Secret", data: { state: base64("done"), recoveryKeys: base64('["é"]') } });
    assert.deepEqual(await open().read(), { state: "done", recoveryKeys: '["é"]' });
    assert.equal(sent[0]?.line, "GET https://api.test:6443/api/v1/namespaces/iam/secrets/vault-init");
    assert.equal(sent[0].headers.get("authorization"), "Bearer the-token");
  });

  it("is empty without data, and undefined when it does not exist", async () => {
    answer = Response.json({ kind: "Secret" });
    assert.deepEqual(await open().read(), {});
    answer = Response.json({ kind: "Status", reason: "NotFound", message: "not found" }, { status: 404 });
    assert.equal(await open().read(), undefined);
  });

  it("is created in its namespace, under its name", async () => {
    await open().create({ state: "initialising" });
    const [request] = sent;
    assert.equal(request?.line, "POST https://api.test:6443/api/v1/namespaces/iam/secrets");
    assert.equal(request.headers.get("content-type"), "application/json");
    assert.deepEqual(request.body, {
      apiVersion: "v1",
      kind: "Secret",
      type: "Opaque",
      metadata: { ...secretName, labels: { "app.kubernetes.io/managed-by": "bibind" } },
      data: { state: base64("initialising") },
    });
  });

  it("is patched: some values change, some are removed", async () => {
    await open().merge({ state: "done", rootToken: null });
    const [request] = sent;
    assert.equal(request?.line, "PATCH https://api.test:6443/api/v1/namespaces/iam/secrets/vault-init");
    assert.equal(request.headers.get("content-type"), "application/merge-patch+json");
    assert.deepEqual(request.body, { data: { state: base64("done"), rootToken: null } });
  });

  const refusals: readonly (readonly [status: number, what: RegExp, remedy: RegExp])[] = [
    [401, /refused to change the Secret \(401\): because/, /tokenFile is a token of this pod/],
    [403, /\(403\): because/, /create Secrets in iam, and get and patch the one called vault-init/],
    [409, /\(409\): because/, /run again/],
    [500, /\(500\): because/, /log of the Kubernetes API/],
  ];
  for (const [status, what, remedy] of refusals) {
    it(`names the remedy when Kubernetes refuses with ${status}`, async () => {
      answer = Response.json({ kind: "Status", reason: "Why", message: "because" }, { status });
      await assert.rejects(open().merge({ state: "done" }), (error: Error) => {
        assert.equal(error.name, "OperatorError");
        assert.match(error.message, what);
        assert.match(error.message, remedy);
        return true;
      });
    });
  }

  for (const status of [400, 422]) {
    it(`does not show a body that Kubernetes quotes (${status})`, async () => {
      answer = Response.json({ kind: "Status", reason: "Invalid", message: "not a value: s3cr3t" }, { status });
      await assert.rejects(open().merge({ rootToken: "s3cr3t" }), (error: Error) => {
        assert.match(error.message, /: Invalid/);
        assert.doesNotMatch(error.message, /s3cr3t/);
        return true;
      });
    });
  }
});
