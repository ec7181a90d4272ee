import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** The folder in which Python caches compiled modules. */
const ignoredFolder = "__pycache__";

/** The paths and contents of all files in a folder, and the targets of its links, as JSON. It is an input of builds. */
export async function folderContent(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory() && !entry.parentPath.includes(ignoredFolder));
  const described = files.map(async (entry) => {
    const file = join(entry.parentPath, entry.name);
    return [file.slice(folder.length), entry.isSymbolicLink() ? await readlink(file) : await readFile(file, "utf8")];
  });
  return JSON.stringify((await Promise.all(described)).sort());
}
