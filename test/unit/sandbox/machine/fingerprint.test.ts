import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprintOf } from "../../../../sandbox/machine/fingerprint.ts";
import { sandboxHost } from "../../../../sandbox/machine/spec.ts";

describe("the fingerprint of a machine", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-fingerprint-"));
    await mkdir(join(folder, "snap"));
    await writeFile(join(folder, "snap", "main"), "first");
  });

  afterEach(() => rm(folder, { recursive: true }));

  const fingerprint = (snaps: string): Promise<string> =>
    fingerprintOf(
      sandboxHost([], {
        snaps,
        charts: "/charts",
        mail: "/mail",
        files: [{ source: join(folder, "snap"), target: "/usr/bin/snap" }],
      }),
    );

  it("stays the same while nothing changes", async () => {
    assert.equal(await fingerprint("/one"), await fingerprint("/one"));
  });

  it("changes when a shared folder is another one", async () => {
    assert.notEqual(await fingerprint("/one"), await fingerprint("/two"));
  });

  it("changes when the content of a copied file changes", async () => {
    const before = await fingerprint("/one");
    await writeFile(join(folder, "snap", "main"), "second");
    assert.notEqual(await fingerprint("/one"), before);
  });
});
