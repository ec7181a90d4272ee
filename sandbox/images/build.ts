import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { build } from "../builds/store.ts";
import { bundle } from "../toolchain/bundle.ts";
import { goModuleFolder, goTool } from "../toolchain/go/build.ts";
import { debianTree, type DebianTreeName } from "./debian-trees.ts";
import { folderContent } from "../builds/folder-content.ts";
import { readOciArchive } from "./oci-archive.ts";
import {
  type FileSource,
  type ImageName,
  type ModuleSource,
  type ProgramSource,
  type Recipe,
  recipes,
  type ServiceSource,
} from "./recipes.ts";

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

async function treeContent(name: DebianTreeName): Promise<Content> {
  const from = await debianTree(name);
  return { from, inside: "/", identity: basename(from) };
}

async function programContent({ tool, program, inside }: ProgramSource): Promise<Content> {
  const folder = await goTool(tool);
  return { from: join(folder, program), inside, identity: `${basename(folder)}/${program}` };
}

async function moduleContent({ tool, module, folder, inside }: ModuleSource): Promise<Content> {
  const source = await goModuleFolder(tool, module);
  return { from: join(source, folder), inside, identity: `${basename(source)}/${folder}` };
}

async function fileContent({ file, inside }: FileSource): Promise<Content> {
  const from = await file();
  return { from, inside, identity: `${basename(dirname(from))}/${basename(from)}` };
}

async function serviceContent({ service, shared, inside }: ServiceSource): Promise<Content> {
  const from = await bundle({
    name: `service-${service}`,
    entries: { [service]: `services/${service}/main.ts` },
    sources: [`services/${service}`, ...shared],
  });
  return { from, inside, identity: basename(from) };
}

/** Builds what a recipe names, in the order in which it is copied into the image. */
async function contentsOf({ trees, programs, modules, files, services }: Recipe): Promise<Content[]> {
  return Promise.all([
    ...(trees ?? []).map(treeContent),
    ...(programs ?? []).map(programContent),
    ...(modules ?? []).map(moduleContent),
    ...(files ?? []).map(fileContent),
    ...(services ?? []).map(serviceContent),
  ]);
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

/** Every image of the sandbox. */
export async function images(): Promise<Image[]> {
  return Promise.all(imageNames.map(image));
}
