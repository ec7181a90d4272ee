import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addHosts, removeHosts, withBlock, withoutBlock } from "../../../../sandbox/machine/hosts-file.ts";

const before = "127.0.0.1 localhost\n# a remark\n";

describe("the hosts file", () => {
  it("has one block of the sandbox at its end, even when the block is added twice", () => {
    const once = withBlock(before, "one", "10.0.0.2", ["a.test", "b.test"]);
    assert.equal(
      once,
      `${before}# begin bibind sandbox: one\n10.0.0.2 a.test\n10.0.0.2 b.test\n# end bibind sandbox: one\n`,
    );
    assert.equal(withBlock(once, "one", "10.0.0.2", ["a.test", "b.test"]), once);
  });

  it("has its original text after its blocks are removed, and keeps lines that were added later", () => {
    const two = withBlock(withBlock(before, "one", "10.0.0.2", ["a"]), "two", "10.0.0.3", ["b"]);
    const later = `${two}10.9.9.9 later\n`;
    assert.equal(withoutBlock(withoutBlock(later, "one"), "two"), `${before}10.9.9.9 later\n`);
  });

  it("does not change when a block has no end", () => {
    const broken = `${before}# begin bibind sandbox: one\n10.0.0.2 a\n`;
    assert.equal(withoutBlock(broken, "one"), broken);
  });

  it("keeps its last line when this line has no newline", () => {
    assert.match(withBlock("10.0.0.9 x", "one", "10.0.0.2", ["a"]), /^10\.0\.0\.9 x\n# begin/);
  });

  it("keeps its mode, and no temporary file is left", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bibind-hosts-"));
    try {
      const file = join(folder, "hosts");
      await writeFile(file, before, { mode: 0o640 });
      await addHosts("one", "10.0.0.2", ["a"], file);
      assert.match(await readFile(file, "utf8"), /10\.0\.0\.2 a/);
      assert.equal((await stat(file)).mode & 0o777, 0o640);
      await removeHosts("one", file);
      assert.equal(await readFile(file, "utf8"), before);
      assert.deepEqual(await readdir(folder), ["hosts"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
