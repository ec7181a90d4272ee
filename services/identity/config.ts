import { readFile } from "node:fs/promises";
import { z } from "zod";
import { OperatorError } from "../../components/errors/operator-error.ts";

/** A URL of a service, such as `https://hydra-admin.iam.svc:4445`. */
export const serviceUrl = (): z.ZodURL =>
  z.url({ protocol: /^https?$/, error: "expected a URL such as https://hydra-admin.iam.svc:4445" });

/** Absolute or relative path of a file that the program reads. */
export const filePath = (): z.ZodString => z.string().min(1, "expected the path of a file");

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OperatorError(
      { what: `the configuration is not JSON: ${String(cause)}`, where: file, remedy: "correct the file" },
      { cause },
    );
  }
}

/**
 * The text of a file.
 *
 * @param setting - setting that names the file
 * @throws OperatorError when the file cannot be read
 */
export async function readText(file: string, setting: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OperatorError(
      {
        what: `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        where: setting,
        remedy: "name a file that exists and that the user of this process may read",
      },
      { cause },
    );
  }
}

/** Each problem that zod found, with the path of its field. */
export function problemsIn({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => {
    const field = z.core.toDotPath(path);
    return field === "" ? message : `${field}: ${message}`;
  });
}

/**
 * Reads the configuration of a command: JSON, checked against the command's schema.
 *
 * A configuration contains no secret, only names of files that do, so messages may show its values.
 *
 * @throws OperatorError with all problems at once
 */
export async function loadConfig<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  const result = schema.safeParse(parseJson(await readText(file, "--config"), file));
  if (!result.success) {
    const problems = problemsIn(result.error);
    throw new OperatorError({
      what: `the configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n  ${problems.join("\n  ")}`,
      where: file,
      remedy: "correct each field and run the command again",
    });
  }
  return result.data;
}
