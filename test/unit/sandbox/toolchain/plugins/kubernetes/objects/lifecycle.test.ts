import assert from "node:assert/strict";
import type { JsonObject } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";
import { fieldManager } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/naming.ts";
import {
  createObject,
  updateObject,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/objects/lifecycle.ts";
import { readSettings } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/provider/settings.ts";
import { Target } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/provider/target.ts";
import { FakeApiServer, type Answer } from "../api-server.ts";

const type = "kubernetes:core/v1:ConfigMap";
const urn = `urn:pulumi:test::bibind::${type}::notes`;
const inputs = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "notes", namespace: "shop" },
  data: { a: "1" },
};
const changed = { ...inputs, data: { a: "2" } };

const ownedBy = (manager: string): JsonObject => ({
  ...inputs,
  metadata: { ...inputs.metadata, resourceVersion: "1", managedFields: [{ manager, operation: "Apply" }] },
});

const conflictIn = (field: string): Answer => [
  409,
  {
    message: "Apply failed with 1 conflict",
    details: { causes: [{ reason: "FieldManagerConflict", field, message: 'conflict with "kubectl-edit" using v1' }] },
  },
];

describe("an object of the kubernetes plugin", () => {
  let server: FakeApiServer;
  /** The object in the cluster. */
  let live: JsonObject | undefined;
  /** The field of another manager that an apply without force changes. */
  let conflict: string | undefined;

  beforeEach(async () => {
    [live, conflict] = [undefined, undefined];
    server = await FakeApiServer.start(({ method, path, force, body }) => {
      if (path === "/api/v1") {
        return [200, { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] }];
      }
      if (method === "GET") {
        return live === undefined ? [404, {}] : [200, live];
      }
      return conflict !== undefined && !force ? conflictIn(conflict) : [200, body];
    });
  });
  afterEach(() => server.stop());

  const targetWith = (settings: JsonObject): Target => {
    const kubeconfig = JSON.stringify({
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [{ name: "test", cluster: { server: server.connection.server } }],
      users: [{ name: "test", user: {} }],
    });
    return new Target(readSettings({ kubeconfig, ...settings }));
  };
  const context = (preview: boolean) => ({
    ...{ urn, type, name: "notes", preview, timeoutSeconds: 0 },
    cancelled: new AbortController().signal,
    log: () => Promise.resolve(),
  });
  const create = (settings: JsonObject = {}, preview = false) =>
    createObject(context(preview), inputs, targetWith(settings));
  const update = (settings: JsonObject = {}, news: JsonObject = changed, preview = false) =>
    updateObject(context(preview), inputs, {}, news, targetWith(settings));
  /** The writes, each by whether it takes over the fields of other managers. */
  const forced = (): boolean[] => server.requests.filter(({ method }) => method !== "GET").map(({ force }) => force);

  it("is created without force when there is no other of its name", async () => {
    assert.equal((await create()).id, "shop/notes");
    assert.deepEqual(forced(), [false]);
  });

  for (const preview of [true, false]) {
    it(`is not written over an object of another program ${preview ? "in a preview" : "in an update"}`, async () => {
      live = ownedBy("helm");
      await assert.rejects(create({}, preview), {
        name: "OperatorError",
        message: /ConfigMap "notes" in namespace "shop" already exists and is not managed by this resource[^]*import/,
      });
      assert.deepEqual(forced(), []);
    });
  }

  it("is written over an object of another program when the provider allows it", async () => {
    live = ownedBy("helm");
    await create({ upsertExistingObjects: "true" });
    assert.deepEqual(forced(), [false]);
  });

  it("is applied again when an earlier run, which was killed, created it", async () => {
    live = ownedBy(fieldManager(urn));
    await create();
    assert.deepEqual(forced(), [false]);
  });

  it("takes no field of another manager at its creation", async () => {
    conflict = ".data.a";
    await assert.rejects(create(), /data\.a \(by "kubectl-edit"\)[^]*pulumi\.com\/patchForce/);
    assert.deepEqual(forced(), [false]);
  });

  it("takes back a field that it applied before and that was changed by hand", async () => {
    conflict = ".data.a";
    await update();
    assert.deepEqual(forced(), [false, true]);
  });

  it("takes no field that it did not apply before", async () => {
    conflict = ".data.b";
    await assert.rejects(update({}, { ...inputs, data: { a: "1", b: "1" } }), /data\.b \(by "kubectl-edit"\)/);
    assert.deepEqual(forced(), [false]);
  });

  it("has a preview that reports the conflicts of the update, and forces nothing", async () => {
    conflict = ".data.a";
    await update({}, changed, true);
    conflict = ".data.b";
    await assert.rejects(update({}, { ...inputs, data: { a: "1", b: "1" } }, true), /data\.b \(by "kubectl-edit"\)/);
    assert.deepEqual(forced(), [false, false]);
  });

  it("takes every field when the provider or an annotation says so", async () => {
    conflict = ".data.b";
    await update({ enablePatchForce: "true" });
    const metadata = { ...inputs.metadata, annotations: { "pulumi.com/patchForce": "true" } };
    await update({}, { ...changed, metadata });
    assert.deepEqual(forced(), [true, true]);
  });
});
