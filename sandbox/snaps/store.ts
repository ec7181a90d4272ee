import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { build } from "../builds/store.ts";
import { type Image, images } from "../images/build.ts";
import { microk8sSnap } from "./microk8s.ts";

export { machineFiles } from "./machine-files.ts";

/** The file name of an image's archive in the snap store, for example `image-coredns-0123456789abcdef.tar`. */
function archiveName(image: Image): string {
  return `${basename(dirname(image.archive))}.tar`;
}

/**
 * The local snap store, from which the machine's `snap` command installs. It has one folder for each snap, and a folder
 * `images/` with every image and its digest. Its files are hard links to other folders of the build store.
 *
 * @returns a folder of the build store; mount it read-only
 */
export async function snapStore(): Promise<string> {
  const [microk8s, built] = await Promise.all([microk8sSnap(), images()]);
  const list = built.map((image) => ({
    reference: image.reference,
    digest: image.digest,
    archive: archiveName(image),
  }));
  return build({
    name: "snap-store",
    inputs: { microk8s: basename(microk8s), images: JSON.stringify(list) },
    produce: async (into) => {
      await execa("cp", ["--recursive", "--link", microk8s, join(into, "microk8s")]);
      const folder = join(into, "images");
      await mkdir(folder);
      for (const image of built) {
        await execa("cp", ["--link", image.archive, join(folder, archiveName(image))]);
      }
      await writeFile(join(folder, "images.json"), `${JSON.stringify(list, null, 2)}\n`);
    },
  });
}
