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

/** The image in an OCI archive. */
export interface ArchivedImage {
  /** Such as `docker.io/library/busybox:1.37`. */
  readonly reference: string;
  /** Digest of the manifest, such as `sha256:…`. */
  readonly digest: string;
}

/** Reads the index of an OCI archive. @throws ZodError when the archive does not contain exactly one image */
export async function readOciArchive(archive: string): Promise<ArchivedImage> {
  const { stdout } = await execa("tar", ["--extract", "--to-stdout", "--file", archive, "index.json"]);
  const [manifest] = indexSchema.parse(JSON.parse(stdout)).manifests;
  if (manifest === undefined) {
    throw new Error(`${archive} contains no image`);
  }
  return { reference: manifest.annotations["org.opencontainers.image.ref.name"], digest: manifest.digest };
}
