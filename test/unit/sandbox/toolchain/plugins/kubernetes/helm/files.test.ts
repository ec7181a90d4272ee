import assert from "node:assert/strict";
import { execaSync } from "execa";
import { unlinkedFile } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/files.ts";

describe("an unlinked file", () => {
  it("can be read by a child process any number of times, and has no name", () => {
    const file = unlinkedFile("content");
    try {
      assert.equal(execaSync("cat", [file.path, file.path]).stdout, "contentcontent");
      assert.match(execaSync("readlink", [file.path]).stdout, /\(deleted\)$/);
    } finally {
      file.close();
    }
  });
});
