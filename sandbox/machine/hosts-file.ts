import { chmod, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { isErrorCode } from "./error-code.ts";

const begin = (owner: string): string => `# begin bibind sandbox: ${owner}`;
const end = (owner: string): string => `# end bibind sandbox: ${owner}`;

/** The text of the hosts file without the block of `owner`. All other bytes stay the same. */
export function withoutBlock(text: string, owner: string): string {
  const start = text.indexOf(`${begin(owner)}\n`);
  const last = text.indexOf(`${end(owner)}\n`, start);
  if (start < 0 || last < 0) {
    return text;
  }
  return withoutBlock(text.slice(0, start) + text.slice(last + end(owner).length + 1), owner);
}

/** The text of the hosts file with one block of `owner` at its end. */
export function withBlock(text: string, owner: string, address: string, names: readonly string[]): string {
  const rest = withoutBlock(text, owner);
  const separator = rest === "" || rest.endsWith("\n") ? "" : "\n";
  const lines = names.map((name) => `${address} ${name}\n`).join("");
  return `${rest}${separator}${begin(owner)}\n${lines}${end(owner)}\n`;
}

/** Replaces the content of a file by a rename. In a container the file can be a mount point: it is then overwritten. */
async function replaceContent(file: string, text: string): Promise<void> {
  const unfinished = `${file}.bibind`;
  await writeFile(unfinished, text);
  await chmod(unfinished, (await stat(file)).mode & 0o7777);
  try {
    await rename(unfinished, file);
  } catch (error) {
    if (!isErrorCode(error, "EBUSY", "EXDEV")) {
      throw error;
    }
    await writeFile(file, text);
    await rm(unfinished);
  }
}

async function change(file: string, edit: (text: string) => string): Promise<void> {
  const text = await readFile(file, "utf8");
  const changed = edit(text);
  if (changed !== text) {
    await replaceContent(file, changed);
  }
  await rm(`${file}.bibind`, { force: true });
}

/** Adds host names for `address` to the hosts file of this computer. */
export async function addHosts(owner: string, address: string, names: readonly string[], file = "/etc/hosts") {
  await change(file, (text) => withBlock(text, owner, address, names));
}

/** Removes the host names of `owner`. */
export async function removeHosts(owner: string, file = "/etc/hosts"): Promise<void> {
  await change(file, (text) => withoutBlock(text, owner));
}
