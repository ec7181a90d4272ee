import assert from "node:assert/strict";
import type { ServiceError } from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import { OperatorError } from "../../../../../../components/errors/operator-error.ts";
import { differences } from "../../../../../../sandbox/toolchain/plugins/server/differences.ts";
import { wireOf } from "../../../../../../sandbox/toolchain/plugins/server/messages.ts";
import {
  InitializationError,
  type ResourceContext,
  type ResourcePlugin,
} from "../../../../../../sandbox/toolchain/plugins/server/plugin.ts";
import { Unknown, unknown, type Properties } from "../../../../../../sandbox/toolchain/plugins/server/values.ts";
import { PluginClient, secret, textAsset, unknownMarker } from "./client.ts";

/** Remembers what it was given, and gives its inputs back as outputs with `copy`, a copy of `word`. */
class EchoPlugin implements ResourcePlugin {
  readonly name = "echo";
  readonly version = "1.0.0";
  seen: Properties = {};
  failure: Error | undefined;

  configure(settings: Properties) {
    this.seen = settings;
    return Promise.resolve();
  }
  check(_context: ResourceContext, _olds: Properties, news: Properties) {
    this.seen = news;
    return Promise.resolve({ inputs: { ...news, size: 3 }, failures: [{ property: "word", reason: "too short" }] });
  }
  diff(_context: ResourceContext, _id: string, oldInputs: Properties, _outputs: Properties, news: Properties) {
    return Promise.resolve(differences(oldInputs, news, { replaceOn: ["place"] }));
  }
  create({ preview }: ResourceContext, inputs: Properties) {
    this.seen = inputs;
    if (this.failure !== undefined) {
      return Promise.reject(this.failure);
    }
    const copy = inputs.word instanceof Unknown || preview ? unknown : `copy of ${JSON.stringify(inputs.word)}`;
    return Promise.resolve({ id: "echo-1", outputs: { ...inputs, copy, token: "made here" } });
  }
  read(_context: ResourceContext, id: string, inputs: Properties, outputs: Properties) {
    return Promise.resolve(id === "gone" ? undefined : { id, inputs, outputs });
  }
  update(_context: ResourceContext, _id: string, _inputs: Properties, _outputs: Properties, news: Properties) {
    return Promise.resolve({ outputs: news });
  }
  delete() {
    return Promise.resolve();
  }
  alwaysSecret() {
    return ["token"];
  }
}

const type = "echo:index:Echo";

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "details" in error && "metadata" in error;
}

async function failureOf(work: Promise<unknown>): Promise<ServiceError> {
  return work.then(
    () => assert.fail("the call was expected to fail"),
    (error: unknown) => {
      assert.ok(isServiceError(error));
      return error;
    },
  );
}

describe("A served plugin", () => {
  let plugin: EchoPlugin;
  let client: PluginClient;

  beforeEach(async () => {
    plugin = new EchoPlugin();
    client = await PluginClient.serve(plugin);
  });
  afterEach(() => client.stop());

  it("is given secrets without their wrappers, and its answers get them back", async () => {
    const { outputs } = await client.create(type, {
      word: secret("open sesame"),
      nested: { deep: secret("hidden"), plain: 1 },
    });
    assert.deepEqual(plugin.seen, { word: "open sesame", nested: { deep: "hidden", plain: 1 } });
    assert.deepEqual(outputs.word, secret("open sesame"));
    assert.deepEqual(outputs.nested, { deep: secret("hidden"), plain: 1 });
    assert.deepEqual(outputs.token, secret("made here"));
  });

  it("marks an output in which a secret of the inputs turns up under another name", async () => {
    const { outputs } = await client.create(type, { word: secret("open sesame") });
    assert.deepEqual(outputs.copy, secret('copy of "open sesame"'));
  });

  it("takes no word for a secret that the inputs have in clear, whatever the state keeps marked", async () => {
    const state = { word: secret({ name: "sesame" }), status: "sesame runs" };
    const { outputs } = await client.read(type, "there", { word: { name: "sesame" } }, state);
    assert.deepEqual(outputs, state);
    plugin.failure = new Error("sesame does not run");
    assert.match((await failureOf(client.create(type, {}))).details, /sesame does not run/);
  });

  it("does not mark what was secret once and no longer is", async () => {
    const { inputs } = await client.check(type, { word: "public now" }, { word: secret("public now") });
    assert.equal(inputs.word, "public now");
  });

  it("is given Unknown for what a preview does not know, and may answer with it", async () => {
    const { outputs } = await client.create(type, { word: unknownMarker, list: [secret(unknownMarker)] }, true);
    assert.ok(plugin.seen.word instanceof Unknown);
    assert.equal(outputs.copy, unknownMarker);
    assert.deepEqual(outputs.list, [secret(unknownMarker)]);
  });

  it("completes inputs in a check and refuses them by property", async () => {
    const { inputs, failures } = await client.check(type, { word: "a", kept: null });
    assert.deepEqual(inputs, { word: "a", kept: null, size: 3 });
    assert.deepEqual(failures, [{ property: "word", reason: "too short" }]);
  });

  it("tells a change from a replacement, down to the path", async () => {
    const none = await client.diff(type, { word: "a", object: { x: 1, y: 2 } }, { object: { y: 2, x: 1 }, word: "a" });
    assert.equal(none.changes, provider.DiffResponse.DiffChanges.DIFF_NONE);
    const changed = await client.diff(type, { object: { x: 1, "a.b": 1 } }, { object: { x: 2 } });
    assert.deepEqual(changed.replacesList, []);
    assert.deepEqual(changed.detaileddiffMap.map(([path]) => path).sort(), ["object.x", 'object["a.b"]']);
    const replaced = await client.diff(type, { place: "here" }, { place: "there" });
    assert.deepEqual(replaced.replacesList, ["place"]);
  });

  it("says that a resource is gone by an empty id", async () => {
    assert.equal((await client.read(type, "gone", {}, {})).id, "");
    const { outputs } = await client.read(
      type,
      "there",
      { word: secret("quiet") },
      { word: secret("quiet"), other: "x" },
    );
    assert.deepEqual(outputs, { word: secret("quiet"), other: "x" });
  });

  it("fails with the message of an operator's mistake alone, and with the trace of a bug", async () => {
    plugin.failure = new OperatorError({ what: "no room", where: "disk", remedy: "make room" });
    const mistake = await failureOf(client.create(type, {}));
    assert.equal(mistake.details, "no room\n  where:  disk\n  remedy: make room");
    plugin.failure = new TypeError("a bug");
    assert.match((await failureOf(client.create(type, {}))).details, /TypeError: a bug\n\s+at /);
  });

  it("clears errors of every secret that went through it", async () => {
    plugin.failure = new Error('login with "pass\\nphrase" and first-line-of-the-key and open sesame failed');
    const inputs = {
      word: secret("open sesame"),
      other: secret("pass\nphrase"),
      key: secret("first-line-of-the-key\nrest"),
    };
    const { details } = await failureOf(client.create(type, inputs));
    assert.match(details, /login with "\[secret\]" and \[secret\] and \[secret\] failed/);
  });

  it("keeps a resource that was made but is not healthy, with its secrets marked", async () => {
    plugin.failure = new InitializationError("not ready with open sesame", {
      id: "echo-7",
      inputs: { word: "open sesame" },
      outputs: { word: "open sesame", ready: false },
      reasons: ["it waits for open sesame"],
    });
    const { metadata, details } = await failureOf(client.create(type, { word: secret("open sesame") }));
    assert.equal(details, "not ready with [secret]");
    const [trailer] = metadata.get("grpc-status-details-bin");
    assert.ok(trailer instanceof Buffer);
    const [packed] = statuses.Status.deserializeBinary(trailer).getDetailsList();
    assert.ok(packed instanceof any.Any);
    assert.equal(packed.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
    const kept = provider.ErrorResourceInitFailed.deserializeBinary(packed.getValue_asU8());
    assert.equal(kept.getId(), "echo-7");
    assert.deepEqual(kept.getReasonsList(), ["it waits for [secret]"]);
    assert.deepEqual(wireOf(kept.getProperties()), { word: secret("open sesame"), ready: false });
  });

  it("refuses an asset by the property that holds it", async () => {
    const { details } = await failureOf(client.create(type, { source: textAsset("text") }));
    assert.match(details, /property source holds an asset/);
  });

  it("refuses a function by its token", async () => {
    assert.match((await failureOf(client.invoke("echo:index:sing", {}))).details, /echo:index:sing is not known/);
  });

  it("is given the provider's own settings without the engine's entries among them", async () => {
    await client.configure({ address: "here", token: secret("sealed"), version: "1.0.0", pluginDownloadURL: "x" });
    assert.deepEqual(plugin.seen, { address: "here", token: "sealed" });
  });
});
