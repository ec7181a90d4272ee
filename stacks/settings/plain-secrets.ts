import { factsOf, schemaAt, type Schema } from "./schema.ts";
import { secretCommand, settingPath } from "./setting-path.ts";
import type { SettingsSource } from "./source.ts";

/** The parts of a mapping or a list; none of another value. */
function partsOf(given: unknown): [key: PropertyKey, part: unknown][] {
  if (Array.isArray(given)) {
    return given.map((part, index) => [index, part]);
  }
  return typeof given === "object" && given !== null ? Object.entries(given) : [];
}

/** Paths of the given settings that must be encrypted. A text of the clear form holds nothing secret. */
function secretsIn(schema: Schema, given: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  const { secret, clearForm } = factsOf(schema);
  if (secret) {
    return typeof given === "string" && clearForm?.test(given) !== true ? [path] : [];
  }
  return partsOf(given).flatMap(([key, part]) => {
    const inner = schemaAt(schema, [key], given);
    return inner === undefined ? [] : secretsIn(inner, part, [...path, key]);
  });
}

/** One line for each secret setting that the file has in plain text: everybody who reads the file reads the secret. */
export function plainSecretLines(root: Schema, { file, values, isEncrypted }: SettingsSource): string[] {
  return secretsIn(root, values)
    .filter((path) => isEncrypted?.(path) === false)
    .map((path) => `${settingPath(path)} (${file}): a secret in plain text; encrypt it with: ${secretCommand(path)}`);
}
