import assert from "node:assert/strict";
import { execaSync } from "execa";
import { namelessFile } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/files.ts";

describe("a file without a name", () => {
  it("can be read by a child as often as it likes, and by nobody under a name", () => {
    const file = namelessFile("content");
    try {
      assert.equal(execaSync("cat", [file.path, file.path]).stdout, "contentcontent");
      assert.match(execaSync("readlink", [file.path]).stdout, /\(deleted\)$/);
    } finally {
      file.close();
    }
  });
});
