import { constants, copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { projectFolder } from "../builds/folders.ts";
import { build } from "../builds/store.ts";

const packageFolder = join(projectFolder, "node_modules", "node");
const packageSchema = z.object({ version: z.string() });

/**
 * The program `node`, in the version of the npm package `node` of this project.
 *
 * @returns path of the executable in the build store
 */
export async function nodeProgram(): Promise<string> {
  const { version } = packageSchema.parse(JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")));
  const folder = await build({
    name: "node",
    inputs: { version, platform: process.arch },
    produce: (into) => copyFile(join(packageFolder, "bin", "node"), join(into, "node"), constants.COPYFILE_FICLONE),
  });
  return join(folder, "node");
}
