import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

describe("the encrypted settings of a stack", () => {
  const keys = process.env.PULUMI_CONFIG_SECRET_KEYS;
  let folder = "";

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "bibind-settings-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (keys === undefined) {
      delete process.env.PULUMI_CONFIG_SECRET_KEYS;
    } else {
      process.env.PULUMI_CONFIG_SECRET_KEYS = keys;
    }
  });

  /** Whether the source calls a setting encrypted. */
  function isEncrypted(secretKeys: readonly string[], ...path: readonly string[]): boolean | undefined {
    process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
    return pulumiSource(folder).isEncrypted?.(path);
  }

  const fileWith = (privateKey: string): void => {
    const host = `{ privateKey: ${privateKey}, other: { secure: v1:cipher } }`;
    writeFileSync(
      join(folder, `Pulumi.${pulumi.getStack()}.yaml`),
      `config:\n  bibind:foundation:\n    host: ${host}\n`,
    );
  };

  it("are those that the file has encrypted", () => {
    fileWith("{ secure: v1:cipher }");
    assert.equal(isEncrypted(["bibind:foundation"], "foundation", "host", "privateKey"), true);
  });

  it("do not include a setting in plain text beside an encrypted one", () => {
    fileWith("KEY");
    assert.equal(isEncrypted(["bibind:foundation"], "foundation", "host", "privateKey"), false);
  });

  it("follow the engine alone when the file has no such setting, as with --config-file", () => {
    assert.equal(isEncrypted(["bibind:foundation"], "foundation", "host", "privateKey"), true);
    assert.equal(isEncrypted(["bibind:iam"], "foundation", "host", "privateKey"), false);
    assert.equal(isEncrypted([], "foundation", "host", "privateKey"), false);
  });
});
