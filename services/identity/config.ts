import { readFile } from "node:fs/promises";
import { z } from "zod";
import { OperatorError } from "../../components/errors/operator-error.ts";

/** A URL of a service, such as `https://hydra-admin.iam.svc:4445`. */
export const serviceUrl = (): z.ZodURL =>
  z.url({ protocol: /^https?$/, error: "expected a URL such as https://hydra-admin.iam.svc:4445" });

/** Absolute or relative path of a file that the program reads. */
export const filePath = (): z.ZodString => z.string().min(1, "expected the path of a file");

function parsedJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OperatorError(
      { what: `the configuration is not JSON: ${String(cause)}`, where: file, remedy: "mend the file" },
      { cause },
    );
  }
}

/** A file's text, or the operator's mistake of having named none that can be read. */
export async function readText(file: string, namedBy: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OperatorError(
      {
        what: `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        where: namedBy,
        remedy: "name a file that is there and that the user of this process may read",
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
 * Reads a command's configuration: JSON, checked against the command's schema.
 *
 * A configuration holds no secret, only the names of files that do, so that what was given may be told.
 *
 * @throws OperatorError naming every problem at once
 */
export async function loadConfig<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  const result = schema.safeParse(parsedJson(await readText(file, "--config"), file));
  if (!result.success) {
    const problems = problemsIn(result.error);
    throw new OperatorError({
      what: `the configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n  ${problems.join("\n  ")}`,
      where: file,
      remedy: "mend them as said and run again",
    });
  }
  return result.data;
}
