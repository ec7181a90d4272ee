import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettingsFile } from "../../../../sandbox/commands/stack/settings-file.ts";

describe("the settings file of an environment", () => {
  let folder = "";
  let file = "";

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-settings-"));
    file = join(folder, "Pulumi.test.yaml");
  });
  after(() => rm(folder, { recursive: true }));

  it("is read as it is", async () => {
    await writeFile(file, "config:\n  bibind:layers: [foundation]\n");
    assert.equal(await readSettingsFile(file), "config:\n  bibind:layers: [foundation]\n");
  });

  it("is named with the line when it is not YAML, and its text is not shown", async () => {
    await writeFile(file, "config:\n  bibind:layers: [foundation]\n  bibind:iam: a: hush\n");
    await assert.rejects(readSettingsFile(file), (error: Error) => {
      assert.match(error.message, /^the settings are not valid YAML: /);
      assert(error.message.includes(`where:  ${file}, line 3\n`), error.message);
      assert.doesNotMatch(error.message, /hush/);
      return error.name === "OperatorError";
    });
  });

  it("is named when it does not exist", async () => {
    const absent = join(folder, "Pulumi.absent.yaml");
    await assert.rejects(readSettingsFile(absent), (error: Error) => {
      assert(error.message.includes(`where:  ${absent}\n`), error.message);
      return error.name === "OperatorError";
    });
  });
});
