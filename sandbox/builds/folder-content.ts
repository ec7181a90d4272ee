import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Files that Python writes next to its modules. */
const ignored = "__pycache__";

/** What the files of a folder of ours say, link targets included: an input of the build that uses them. */
export async function folderContent(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory() && !entry.parentPath.includes(ignored));
  const described = files.map(async (entry) => {
    const file = join(entry.parentPath, entry.name);
    return [file.slice(folder.length), entry.isSymbolicLink() ? await readlink(file) : await readFile(file, "utf8")];
  });
  return JSON.stringify((await Promise.all(described)).sort());
}
