import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../builds/folders.ts";
import { OperatorError } from "../../../components/errors/operator-error.ts";

/**
 * The Go files that take the place of files of a tool's dependencies while it is compiled. The path below this folder is
 * the import path of the package and the name of the file.
 */
export function overlayFolder(moduleFolder: string): string {
  return join(moduleFolder, "overlay");
}

async function replacedFile(command: string, moduleFolder: string, file: string): Promise<string> {
  const { stdout } = await execa(command, ["list", "-mod=readonly", "-find", "-f", "{{.Dir}}", dirname(file)], {
    cwd: moduleFolder,
  });
  const replaced = join(stdout, basename(file));
  if (!existsSync(replaced)) {
    throw new OperatorError({
      what: `the overlay replaces ${file}, which this version of the module does not have`,
      where: join(overlayFolder(moduleFolder), file),
      remedy: "move the overlay's file to the path of the file that it must replace",
    });
  }
  return replaced;
}

/**
 * Writes the overlay of a tool as the Go command reads it, and downloads the modules that it changes.
 *
 * @returns the flags that make the Go command use it; none for a tool without an overlay
 * @throws OperatorError when the module has no file to replace
 */
export async function overlayFlags(command: string, moduleFolder: string): Promise<readonly string[]> {
  const folder = overlayFolder(moduleFolder);
  const replacements = new Map<string, string>();
  for await (const file of glob("**/*.go", { cwd: folder })) {
    replacements.set(await replacedFile(command, moduleFolder, file), join(folder, file));
  }
  if (replacements.size === 0) {
    return [];
  }
  const description = JSON.stringify({ Replace: Object.fromEntries(replacements) });
  const file = cacheFolder("overlays", `${createHash("sha256").update(description).digest("hex").slice(0, 16)}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, description);
  return ["-overlay", file];
}
