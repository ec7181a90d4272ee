import { writePrivate } from "./stack/private-file.ts";

/** Prints a text, or writes it to a file. @param write - default: the file is readable by its owner only */
export async function printOrWrite(text: string, file: string, write = writePrivate): Promise<void> {
  if (file === "") {
    process.stdout.write(text);
  } else {
    await write(file, text);
  }
}
