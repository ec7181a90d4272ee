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

/** Remembers its last inputs, and returns them as outputs with `copy`, a copy of `word`. */
class EchoPlugin implements ResourcePlugin {
  readonly name = "echo";
  readonly version = "1.0.0";
  seen: Properties = {};
  failure: Error | undefined;

  configure(settings: Properties) {
    this.seen = settings;
  }
  check(_context: ResourceContext, _olds: Properties, news: Properties) {
    this.seen = news;
    return { inputs: { ...news, size: 3 }, failures: [{ property: "word", reason: "too short" }] };
  }
  diff(_context: ResourceContext, _id: string, oldInputs: Properties, _outputs: Properties, news: Properties) {
    return differences(oldInputs, news, ["region"]);
  }
  create({ preview }: ResourceContext, inputs: Properties) {
    this.seen = inputs;
    if (this.failure !== undefined) {
      throw this.failure;
    }
    const copy = inputs.word instanceof Unknown || preview ? unknown : `copy of ${JSON.stringify(inputs.word)}`;
    return { id: "echo-1", outputs: { ...inputs, copy, token: "generated" } };
  }
  read(_context: ResourceContext, id: string, inputs: Properties, outputs: Properties) {
    return id === "gone" ? undefined : { id, inputs, outputs };
  }
  update(_context: ResourceContext, _id: string, _inputs: Properties, _outputs: Properties, news: Properties) {
    return { outputs: news };
  }
  delete() {
    this.seen = {};
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

  it("receives secrets without their wrappers, and its answers have the wrappers again", async () => {
    const { outputs } = await client.create(type, {
      word: secret("open sesame"),
      nested: { deep: secret("hidden"), plain: 1 },
    });
    assert.deepEqual(plugin.seen, { word: "open sesame", nested: { deep: "hidden", plain: 1 } });
    assert.deepEqual(outputs.word, secret("open sesame"));
    assert.deepEqual(outputs.nested, { deep: secret("hidden"), plain: 1 });
    assert.deepEqual(outputs.token, secret("generated"));
  });

  it("marks an output that contains a secret of the inputs under another name", async () => {
    const { outputs } = await client.create(type, { word: secret("open sesame") });
    assert.deepEqual(outputs.copy, secret('copy of "open sesame"'));
  });

  it("does not redact a string that is public in the inputs, although the state marks it as secret", async () => {
    const state = { word: secret({ name: "sesame" }), status: "sesame runs" };
    const { outputs } = await client.read(type, "there", { word: { name: "sesame" } }, state);
    assert.deepEqual(outputs, state);
    plugin.failure = new Error("sesame does not run");
    assert.match((await failureOf(client.create(type, {}))).details, /sesame does not run/);
  });

  it("does not mark a value that is no longer secret", async () => {
    const { inputs } = await client.check(type, { word: "public now" }, { word: secret("public now") });
    assert.equal(inputs.word, "public now");
  });

  it("receives Unknown for an unknown value in a preview, and can answer with it", async () => {
    const { outputs } = await client.create(type, { word: unknownMarker, list: [secret(unknownMarker)] }, true);
    assert.ok(plugin.seen.word instanceof Unknown);
    assert.equal(outputs.copy, unknownMarker);
    assert.deepEqual(outputs.list, [secret(unknownMarker)]);
  });

  it("completes inputs in a check, and reports each failure with its property", async () => {
    const { inputs, failures } = await client.check(type, { word: "a", kept: null });
    assert.deepEqual(inputs, { word: "a", kept: null, size: 3 });
    assert.deepEqual(failures, [{ property: "word", reason: "too short" }]);
  });

  it("reports a change and a replacement with their paths", async () => {
    const none = await client.diff(type, { word: "a", object: { x: 1, y: 2 } }, { object: { y: 2, x: 1 }, word: "a" });
    assert.equal(none.changes, provider.DiffResponse.DiffChanges.DIFF_NONE);
    const changed = await client.diff(
      type,
      { object: { x: 1, "a.b": 1, list: [1, 2] } },
      { object: { x: 2, list: [1, 3] } },
    );
    assert.deepEqual(changed.replacesList, []);
    assert.deepEqual(changed.detaileddiffMap.map(([path]) => path).sort(), [
      "object.list[1]",
      "object.x",
      'object["a.b"]',
    ]);
    const replaced = await client.diff(type, { region: "east" }, { region: "west" });
    assert.deepEqual(replaced.replacesList, ["region"]);
  });

  it("reports a resource that is gone with an empty id", async () => {
    assert.equal((await client.read(type, "gone", {}, {})).id, "");
    const { outputs } = await client.read(
      type,
      "there",
      { word: secret("quiet") },
      { word: secret("quiet"), other: "x" },
    );
    assert.deepEqual(outputs, { word: secret("quiet"), other: "x" });
  });

  it("fails with only the message of an operator's mistake, and with the stack trace of a bug", async () => {
    plugin.failure = new OperatorError({ what: "no room", where: "disk", remedy: "make room" });
    const mistake = await failureOf(client.create(type, {}));
    assert.equal(mistake.details, "no room\n  where:  disk\n  remedy: make room");
    plugin.failure = new TypeError("a bug");
    assert.match((await failureOf(client.create(type, {}))).details, /TypeError: a bug\n\s+at /);
  });

  it("redacts in errors every secret that it received", async () => {
    plugin.failure = new Error('login with "pass\\nphrase" and first-line-of-the-key and open sesame failed');
    const inputs = {
      word: secret("open sesame"),
      other: secret("pass\nphrase"),
      key: secret("first-line-of-the-key\nrest"),
    };
    const { details } = await failureOf(client.create(type, inputs));
    assert.match(details, /login with "\[secret\]" and \[secret\] and \[secret\] failed/);
  });

  it("reports a resource that exists but is not healthy, with its secrets marked", async () => {
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

  it("refuses an asset and names its property", async () => {
    const { details } = await failureOf(client.create(type, { source: textAsset("text") }));
    assert.match(details, /property source contains an asset/);
  });

  it("refuses a function and names its token", async () => {
    const { details } = await failureOf(client.invoke("echo:index:sing"));
    assert.match(details, /the function echo:index:sing is not known\s+where: +plugin echo 1\.0\.0/);
  });

  it("receives the settings of the program without those of the engine", async () => {
    await client.configure({ address: "localhost", token: secret("sealed"), version: "1.0.0", pluginDownloadURL: "x" });
    assert.deepEqual(plugin.seen, { address: "localhost", token: "sealed" });
  });
});
