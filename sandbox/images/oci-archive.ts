import { execa } from "execa";
import { z } from "zod";

const indexSchema = z.object({
  manifests: z
    .array(
      z.object({
        digest: z.templateLiteral(["sha256:", z.string()]),
        annotations: z.object({ "org.opencontainers.image.ref.name": z.string() }),
      }),
    )
    .length(1),
});

/** What an OCI archive says of the one image that it holds. */
export interface ArchivedImage {
  readonly reference: string;
  /** Digest of the manifest. */
  readonly digest: string;
}

/** Reads the index of an OCI archive that holds one image. */
export async function readOciArchive(archive: string): Promise<ArchivedImage> {
  const { stdout } = await execa("tar", ["--extract", "--to-stdout", "--file", archive, "index.json"]);
  const [manifest] = indexSchema.parse(JSON.parse(stdout)).manifests;
  if (manifest === undefined) {
    throw new Error(`${archive} holds no image`);
  }
  return { reference: manifest.annotations["org.opencontainers.image.ref.name"], digest: manifest.digest };
}
