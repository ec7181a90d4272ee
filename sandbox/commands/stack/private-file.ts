import { chmod, rename, writeFile } from "node:fs/promises";

/** Writes a file that only its owner can read. After a kill the file has either its old or its new content. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await chmod(unfinished, 0o600);
  await rename(unfinished, file);
}
