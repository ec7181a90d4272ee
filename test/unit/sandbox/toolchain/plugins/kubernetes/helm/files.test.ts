import assert from "node:assert/strict";
import { execaSync } from "execa";
import { namelessFile } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/files.ts";

describe("a nameless file", () => {
  it("can be read by a child process any number of times, and has no name", () => {
    const file = namelessFile("content");
    try {
      assert.equal(execaSync("cat", [file.path, file.path]).stdout, "contentcontent");
      assert.match(execaSync("readlink", [file.path]).stdout, /\(deleted\)$/);
    } finally {
      file.close();
    }
  });
});
