import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { readOciArchive } from "../../../../sandbox/images/oci-archive.ts";

describe("an OCI archive", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-oci-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function archive(manifests: readonly object[]): Promise<string> {
    await writeFile(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
    await execa("tar", ["--create", "--file", join(folder, "a.tar"), "--directory", folder, "index.json"]);
    return join(folder, "a.tar");
  }

  const named = (digest: string): object => ({
    digest,
    annotations: { "org.opencontainers.image.ref.name": "docker.io/library/one:1" },
  });

  it("contains the reference and the digest of its image", async () => {
    assert.deepEqual(await readOciArchive(await archive([named("sha256:abc")])), {
      reference: "docker.io/library/one:1",
      digest: "sha256:abc",
    });
  });

  it("is refused when it contains several images", async () => {
    await assert.rejects(readOciArchive(await archive([named("sha256:abc"), named("sha256:def")])), {
      name: "ZodError",
    });
  });
});
