import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { canBeAlive, longestOperation, stuckReleases, unstick } from "../../../../services/recovery/stuck-releases.ts";

const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");

/** Helm's record of a release. */
function record(name: string, version: number, status: string): object {
  const release = JSON.stringify({ name, version, info: { status, description: "kept" }, manifest: "kept" });
  return {
    metadata: {
      name: `sh.helm.release.v1.${name}.v${version}`,
      namespace: "iam",
      resourceVersion: "7",
      labels: { owner: "helm", name, status, version: String(version), createdAt: "1000" },
    },
    data: { release: base64(base64(gzipSync(release))) },
    type: "helm.sh/release.v1",
  };
}

interface Received {
  readonly method: string;
  readonly path: string;
  readonly labelSelector: string | null;
  readonly type: string | undefined;
  readonly body: unknown;
}

describe("the Helm releases that a killed run left", () => {
  let server: Server;
  let api: CoreV1Api;
  let records: readonly object[];
  const received: Received[] = [];

  before(async () => {
    server = createServer((request, response) => {
      const { method = "", url = "" } = request;
      const { pathname: path, searchParams } = new URL(url, "http://server");
      const labelSelector = searchParams.get("labelSelector");
      void (method === "GET" ? Promise.resolve(undefined) : json(request)).then((body: unknown) => {
        received.push({ method, path, labelSelector, type: request.headers["content-type"], body });
        const items = path === "/api/v1/namespaces" ? [{ metadata: { name: "iam" } }] : records;
        response.setHeader("content-type", "application/json").end(JSON.stringify(method === "GET" ? { items } : {}));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    assert(typeof address === "object" && address !== null);
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "c", server: `http://127.0.0.1:${address.port}`, skipTLSVerify: true },
      { name: "u" },
    );
    api = config.makeApiClient(CoreV1Api);
  });

  beforeEach(() => {
    received.length = 0;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Repairs the only stuck release. @returns what was said, and the request that changed something */
  async function repaired(release: object): Promise<{ said: string; change: Received | undefined }> {
    records = [release];
    const [found] = await stuckReleases(api);
    assert(found !== undefined);
    const said = await unstick(api, found);
    return { said, change: received.find(({ method }) => method !== "GET") };
  }

  it("are looked for in the platform's namespaces only", async () => {
    records = [];
    assert.deepEqual(await stuckReleases(api), []);
    assert.deepEqual(
      received.map(({ path, labelSelector }) => `${path} ${labelSelector ?? ""}`),
      [
        "/api/v1/namespaces app.kubernetes.io/managed-by=bibind",
        "/api/v1/namespaces/iam/secrets owner=helm,status in (pending-install,pending-upgrade,pending-rollback,uninstalling)",
      ],
    );
  });

  it("lose the record of an unfinished upgrade, unless somebody changed the record meanwhile", async () => {
    const { said, change } = await repaired(record("kratos", 3, "pending-upgrade"));
    assert.match(said, /^iam\/kratos revision 3 \(pending-upgrade\): the record of this revision is deleted/);
    assert.equal(change?.method, "DELETE");
    assert.equal(change.path, "/api/v1/namespaces/iam/secrets/sh.helm.release.v1.kratos.v3");
    assert.equal(valueAt(change.body, ["preconditions", "resourceVersion"]), "7");
  });

  it("are marked as failed after an unfinished removal, and their record keeps everything else", async () => {
    const { said, change } = await repaired(record("vault", 2, "uninstalling"));
    assert.match(said, /^iam\/vault revision 2 \(uninstalling\): marked as failed/);
    assert.equal(`${change?.method ?? ""} ${change?.type ?? ""}`, "PATCH application/merge-patch+json");
    assert.equal(valueAt(change?.body, ["metadata", "labels", "status"]), "failed");
    assert.equal(valueAt(change?.body, ["metadata", "resourceVersion"]), "7");
    const stored = Buffer.from(String(valueAt(change?.body, ["data", "release"])), "base64").toString("utf8");
    assert.deepEqual(JSON.parse(gunzipSync(Buffer.from(stored, "base64")).toString("utf8")), {
      name: "vault",
      version: 2,
      info: { status: "failed", description: "kept" },
      manifest: "kept",
    });
  });

  it("can be those of a run that still works, as long as Helm may take", async () => {
    records = [record("kratos", 3, "pending-upgrade")];
    const [found] = await stuckReleases(api);
    assert(found !== undefined);
    assert(canBeAlive(found, 1_000_000 + longestOperation - 1));
    assert(!canBeAlive(found, 1_000_000 + longestOperation));
  });
});
