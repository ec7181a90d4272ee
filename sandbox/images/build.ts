import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { build } from "../builds/store.ts";
import { bundle } from "../toolchain/bundle.ts";
import { goModuleFolder, goTool } from "../toolchain/go/build.ts";
import { debianTree } from "./debian-trees.ts";
import { folderContent } from "./folder-content.ts";
import { readOciArchive } from "./oci-archive.ts";
import { type ImageName, type Recipe, recipes } from "./recipes.ts";

/** An image of the sandbox, built. */
export interface Image {
  /** The published image that it stands for, such as `docker.io/coredns/coredns:1.15.0`. */
  readonly reference: string;
  /** Digest of its manifest, `sha256:…`: the same whenever and wherever the same content is built. */
  readonly digest: string;
  /** OCI archive of one image, its layers not compressed. */
  readonly archive: string;
}

const imageNames = Object.keys(recipes).filter((name): name is ImageName => name in recipes);

/** What is copied into an image from outside its own folder. */
interface Content {
  readonly from: string;
  /** Absolute path in the image. */
  readonly inside: string;
  /** Names the content: other content has another one. */
  readonly identity: string;
}

/** Builds what a recipe names. */
async function contentsOf(recipe: Recipe): Promise<Content[]> {
  const contents: Content[] = [];
  for (const name of recipe.trees ?? []) {
    const tree = await debianTree(name);
    contents.push({ from: tree, inside: "/", identity: basename(tree) });
  }
  for (const { tool, program, inside } of recipe.programs ?? []) {
    const folder = await goTool(tool);
    contents.push({ from: join(folder, program), inside, identity: `${basename(folder)}/${program}` });
  }
  for (const { tool, module, folder, inside } of recipe.modules ?? []) {
    const source = await goModuleFolder(tool, module);
    contents.push({ from: join(source, folder), inside, identity: `${basename(source)}/${folder}` });
  }
  for (const { file, inside } of recipe.files ?? []) {
    const from = await file();
    contents.push({ from, inside, identity: `${basename(dirname(from))}/${basename(from)}` });
  }
  for (const { service, shared, inside } of recipe.services ?? []) {
    const from = await bundle({
      name: `service-${service}`,
      entries: { [service]: `services/${service}/main.ts` },
      sources: [`services/${service}`, ...shared],
    });
    contents.push({ from, inside, identity: basename(from) });
  }
  return contents;
}

/** Lays out the build context: `Containerfile`, and in `root/` everything that the image holds. */
async function layOut(name: ImageName, contents: readonly Content[], context: string): Promise<void> {
  await cp(join(import.meta.dirname, name), context, { recursive: true, verbatimSymlinks: true });
  for (const { from, inside } of contents) {
    const target = join(context, "root", inside);
    await mkdir(dirname(target), { recursive: true });
    // Files of Go's module cache cannot be written to, which an image does not need to repeat.
    await execa("cp", ["--archive", "--no-target-directory", from, target]);
  }
}

/**
 * Builds one image once for the same content.
 *
 * @throws OperatorError when buildah is missing or fails
 */
export async function image(name: ImageName): Promise<Image> {
  const { reference }: Recipe = recipes[name];
  const contents = await contentsOf(recipes[name]);
  const folder = await build({
    name: `image-${name}`,
    inputs: {
      reference,
      contents: contents.map(({ identity, inside }) => `${identity} ${inside}`).join("\n"),
      folder: await folderContent(join(import.meta.dirname, name)),
    },
    produce: async (into, log) => {
      const context = join(into, "context");
      const storage = join(into, "storage");
      await layOut(name, contents, context);
      await buildah(context, storage, `oci-archive:${join(into, "image.tar")}:${reference}`, log);
      await rm(context, { recursive: true });
      await rm(storage, { recursive: true });
      await writeFile(join(into, "digest"), (await readOciArchive(join(into, "image.tar"))).digest);
    },
  });
  return { reference, digest: await readFile(join(folder, "digest"), "utf8"), archive: join(folder, "image.tar") };
}

async function buildah(context: string, storage: string, target: string, log: string): Promise<void> {
  const output = { file: log, append: true } as const;
  const store = ["--root", join(storage, "root"), "--runroot", join(storage, "run"), "--storage-driver", "vfs"];
  const how = ["--isolation", "chroot", "--timestamp", "0", "--format", "oci", "--layers=false"];
  const file = ["--disable-compression=true", "--tag", target, "--file", join(context, "Containerfile"), context];
  await execa("buildah", [...store, "build", ...how, ...file], { stdin: "ignore", stdout: output, stderr: output });
}

/** Every image of the sandbox, built one after the other: each build keeps the machine busy by itself. */
export async function images(): Promise<Image[]> {
  const built: Image[] = [];
  for (const name of imageNames) {
    built.push(await image(name));
  }
  return built;
}
