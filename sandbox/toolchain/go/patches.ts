import { copyFile, cp, glob, mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";

/** The Go command with the words of one call; its standard output. */
export type GoCommand = (folder: string, ...words: readonly string[]) => Promise<string>;

const packageSchema = z.object({ Module: z.object({ Path: z.string(), Dir: z.string() }) });
type GoModule = z.infer<typeof packageSchema>["Module"];

/**
 * The Go files that take the place of files of a tool's dependencies. Their path below this folder is the import path of
 * the package and the name of the file.
 */
export function patchesFolder(moduleFolder: string): string {
  return join(moduleFolder, "patches");
}

async function moduleOf(go: GoCommand, folder: string, goPackage: string): Promise<GoModule> {
  const shown = await go(folder, "list", "-mod=readonly", "-find", "-json=Module", goPackage);
  return packageSchema.parse(JSON.parse(shown)).Module;
}

/** Replaces one file of a module. The Go command reads the changed copy of the module from then on. */
async function patch(go: GoCommand, folder: string, patches: string, file: string): Promise<void> {
  const module = await moduleOf(go, folder, dirname(file));
  const copy = join(folder, "changed", module.Path);
  if (module.Dir !== copy) {
    await mkdir(dirname(copy), { recursive: true });
    await execa("cp", ["--recursive", "--no-preserve=mode", module.Dir, copy]);
    await go(folder, "mod", "edit", "-replace", `${module.Path}=./changed/${module.Path}`);
  }
  await copyFile(join(patches, file), join(copy, file.slice(module.Path.length)));
}

/**
 * Copies the Go module of a tool, with the patched modules that it uses.
 *
 * @param moduleFolder the module of the tool
 * @param into an empty folder
 */
export async function copyPatched(go: GoCommand, moduleFolder: string, into: string): Promise<void> {
  const patches = patchesFolder(moduleFolder);
  await cp(moduleFolder, into, { recursive: true, filter: (source) => basename(source) !== basename(patches) });
  for await (const file of glob("**/*.go", { cwd: patches })) {
    await patch(go, into, patches, file);
  }
}
