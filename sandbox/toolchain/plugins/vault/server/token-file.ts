import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";

const remedy =
  "run `pulumi up`, whose program writes the file anew; `pulumi refresh` and `pulumi destroy` run it with --run-program";

function whereOf(file: string): string {
  return `${resolve(file)} (authLoginTokenFile.filename of the vault.Provider)`;
}

function unusable(file: string, problem: string, cause?: unknown): OperatorError {
  return new OperatorError(
    { what: `the file with the Vault token ${problem}`, where: whereOf(file), remedy },
    { cause },
  );
}

async function contentOf(file: string): Promise<{ readonly mode: number; readonly text: string | undefined }> {
  try {
    const status = await stat(file);
    return { mode: status.mode & 0o777, text: status.isFile() ? await readFile(file, "utf8") : undefined };
  } catch (cause) {
    throw unusable(file, `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/**
 * The token in a file of one line, under the conditions of the vendor's plugin: a regular file that nobody but its
 * owner may read.
 *
 * @throws OperatorError that names the file and how it is written
 */
export async function tokenIn(file: string): Promise<string> {
  const { mode, text } = await contentOf(file);
  if (text === undefined) {
    throw unusable(file, "is no regular file");
  }
  if ((mode & 0o077) !== 0) {
    throw unusable(file, `may be read by others (mode ${mode.toString(8)}, 600 is wanted)`);
  }
  const [token = "", ...others] = text.trim().split("\n");
  if (token === "" || others.length > 0) {
    throw unusable(file, token === "" ? "is empty" : "holds more than one line");
  }
  return token;
}

/** Vault refuses the token of a file that could be read: the program's login was too long ago. */
export function tokenEnded(file: string, address: string): OperatorError {
  return new OperatorError({
    what: `Vault at ${address} does not accept the token in the file: it is wrong, revoked or has expired`,
    where: whereOf(file),
    remedy,
  });
}
