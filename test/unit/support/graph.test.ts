import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { graphText, resourcesThatShow } from "../../support/graph.ts";
import { record } from "../../support/mocks.ts";

const key = "a-key-that-nobody-may-see";

/** The golden file's part for one ConfigMap. */
async function node(data: Record<string, string>, opts: pulumi.CustomResourceOptions = {}): Promise<string> {
  const { resources } = await record(() => new ConfigMap("notes", { data }, opts));
  return graphText(resources);
}

describe("a golden file", () => {
  it("holds the options of a resource that change what the engine does", async () => {
    const { resources } = await record(() => {
      const provider = new Provider("cluster", {});
      const namespace = new ConfigMap("first", {});
      new ConfigMap(
        "notes",
        {},
        {
          provider,
          dependsOn: [namespace],
          deletedWith: namespace,
          retainOnDelete: true,
          protect: true,
          additionalSecretOutputs: ["data"],
        },
      );
    });
    const text = await graphText(resources);
    for (const line of [
      `"provider": "cluster"`,
      `"dependsOn": ["first"]`,
      `"deletedWith": "first"`,
      `"retainOnDelete": true`,
      `"protect": true`,
      `"additionalSecretOutputs": ["data"]`,
    ]) {
      assert.equal(text.split(line).length, 2, `${line} in ${text}`);
    }
  });

  it("leaves out the options that are not set", async () => {
    assert.doesNotMatch(
      await node({}),
      /dependsOn|deletedWith|retainOnDelete|protect|additionalSecretOutputs|provider/,
    );
  });

  it("shows a text by its lines, and JSON by its values", async () => {
    const text = await node({ lines: "one\ntwo", json: '{"size":1}', template: "{{ .name }}" });
    assert.match(text, /"lines": \["one", "two"\]/);
    assert.match(text, /"json": \{ "\[JSON\]": \{ "size": 1 \} \}/);
    assert.match(text, /"template": "\{\{ \.name \}\}"/);
  });

  it("shows a script as a hash, which changes with the script", async () => {
    const script = "echo\n".repeat(1000);
    const text = await node({ script });
    assert.match(text, /"script": "\[5000 characters, sha256 [0-9a-f]{16}\]"/);
    assert.notEqual(await node({ script: script.replace("echo", "exit") }), text);
  });

  it("holds no secret", async () => {
    const { resources } = await record(() => new ConfigMap("notes", { data: { key: pulumi.secret(key) } }));
    assert(!(await graphText(resources)).includes(key));
  });
});

describe("the search for a secret", () => {
  const found = async (value: pulumi.Input<string>): Promise<string[]> => {
    const { resources } = await record(() => new ConfigMap("notes", { data: { value } }));
    return resourcesThatShow(key, resources);
  };

  it("finds it in a text of any length, also in base64", async () => {
    const script = (line: string): string => `${"echo\n".repeat(1000)}${line}`;
    assert.deepEqual(await found(script(key)), ["notes"]);
    assert.deepEqual(await found(script(Buffer.from(key).toString("base64"))), ["notes"]);
  });

  it("does not find it in a value that is marked as secret", async () => {
    assert.deepEqual(await found(pulumi.secret(key)), []);
    assert.deepEqual(await found("another text"), []);
  });
});
