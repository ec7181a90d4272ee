import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equipmentOf } from "../../../../sandbox/machine/equipment.ts";
import { sandboxHost } from "../../../../sandbox/machine/spec.ts";

describe("a machine's equipment", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-equipment-"));
    await mkdir(join(folder, "snap"));
    await writeFile(join(folder, "snap", "main"), "first");
  });

  afterEach(() => rm(folder, { recursive: true }));

  const equipment = (snaps: string): Promise<string> =>
    equipmentOf(
      sandboxHost([], {
        snaps,
        charts: "/charts",
        mail: "/mail",
        files: [{ outside: join(folder, "snap"), inside: "/usr/bin/snap" }],
      }),
    );

  it("stays the same while nothing changes", async () => {
    assert.equal(await equipment("/one"), await equipment("/one"));
  });

  it("changes with a shared folder", async () => {
    assert.notEqual(await equipment("/one"), await equipment("/two"));
  });

  it("changes with the content of a copied file", async () => {
    const before = await equipment("/one");
    await writeFile(join(folder, "snap", "main"), "second");
    assert.notEqual(await equipment("/one"), before);
  });
});
