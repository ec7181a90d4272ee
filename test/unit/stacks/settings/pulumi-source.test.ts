import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { pulumiSource } from "../../../../stacks/settings/pulumi-source.ts";

describe("pulumiSource", () => {
  const before = pulumi.runtime.allConfig();
  afterEach(() => pulumi.runtime.setAllConfig(before));

  it("gives every key of the namespace bibind, and no other", () => {
    pulumi.runtime.setAllConfig({ "bibind:layers": '["foundation"]', "kubernetes:context": "other", "bibindx:a": "b" });
    assert.deepEqual(pulumiSource().values, { layers: ["foundation"] });
  });

  it("reads mappings, lists, true and false as JSON, and any other value as a text", () => {
    pulumi.runtime.setAllConfig({
      "bibind:foundation": '{"host":{"port":22}}',
      "bibind:upstream": "organization/bibind/ovh",
      "bibind:iam": "{not JSON",
      "bibind:jimm": "12",
      "bibind:protectData": "false",
    });
    assert.deepEqual(pulumiSource().values, {
      foundation: { host: { port: 22 } },
      upstream: "organization/bibind/ovh",
      iam: "{not JSON",
      jimm: "12",
      protectData: false,
    });
  });

  it("names the file of the stack", () => {
    assert.equal(pulumiSource().file, `Pulumi.${pulumi.getStack()}.yaml`);
  });
});
