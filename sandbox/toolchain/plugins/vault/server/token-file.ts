import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";

const remedy =
  "run `pulumi up`: its program writes the file again; add --run-program to `pulumi refresh` and `pulumi destroy`";

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
 * Reads a token from a file of one line. As with the vendor's plugin, it must be a regular file that only its owner may
 * read.
 *
 * @throws OperatorError that names the file and how to write it again
 */
export async function tokenIn(file: string): Promise<string> {
  const { mode, text } = await contentOf(file);
  if (text === undefined) {
    throw unusable(file, "is not a regular file");
  }
  if ((mode & 0o077) !== 0) {
    throw unusable(file, `may be read by others (its mode is ${mode.toString(8)}, it must be 600)`);
  }
  const [token = "", ...others] = text.trim().split("\n");
  if (token === "" || others.length > 0) {
    throw unusable(file, token === "" ? "is empty" : "holds more than one line");
  }
  return token;
}

/** The error when the file is valid but Vault refuses its token, for example because the token has expired. */
export function tokenExpired(file: string, address: string): OperatorError {
  return new OperatorError({
    what: `Vault at ${address} does not accept the token in the file: it is wrong, revoked or expired`,
    where: whereOf(file),
    remedy,
  });
}
