import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { isErrorCode } from "../../machine/error-code.ts";

/** Refuses a text that is not YAML. @throws OperatorError that names the line of the first mistake */
function requireYaml(text: string, file: string): void {
  const [mistake] = parseDocument(text).errors;
  if (mistake === undefined) {
    return;
  }
  // The further lines of the message quote the file, which may have a secret in plain text.
  const [message = ""] = mistake.message.split("\n");
  throw new OperatorError({
    what: `the settings are not valid YAML: ${message.replace(/ at line \d+, column \d+:?$/, "")}`,
    where: `${file}, line ${mistake.linePos?.[0].line ?? 1}`,
    remedy: "correct this line, or the one before it, and run the same command again",
  });
}

/**
 * The text of a settings file that an operator writes.
 *
 * @throws OperatorError when the file does not exist, or when it is not YAML
 */
export async function readSettingsFile(file: string): Promise<string> {
  try {
    const text = await readFile(file, "utf8");
    requireYaml(text, file);
    return text;
  } catch (error) {
    if (!isErrorCode(error, "ENOENT")) {
      throw error;
    }
    throw new OperatorError(
      {
        what: "the settings of the environment do not exist",
        where: file,
        remedy: "restore the file, for example with: git checkout -- Pulumi.sandbox.yaml",
      },
      { cause: error },
    );
  }
}
