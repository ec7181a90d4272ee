import { randomInt } from "node:crypto";
import { z } from "zod";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** One key of an application. */
const keyShape = z.strictObject({
  /** Characters of each value. Kratos' cipher secrets must have exactly 32. */
  length: z.int().min(16).max(256),
});

const keyName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, "expected a name such as secretsSystem");

/** The keys of an application, by their names in the application's Secret. */
export const declaredKeys = z
  .record(keyName, keyShape)
  .refine((keys) => Object.keys(keys).length > 0, "expected at least one key");

export type DeclaredKeys = z.output<typeof declaredKeys>;

function newValue(length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}

/** Values in Ory's form: separated by commas; Ory writes with the first one and reads with all of them. */
function withNewFirst(values: string | undefined, length: number, keep: number): string {
  const previous = values === undefined ? [] : values.split(",");
  return [newValue(length), ...previous].slice(0, keep).join(",");
}

export interface Change {
  readonly values: Readonly<Record<string, string>>;
  /** Names of the keys that got a new value; empty when nothing changes. */
  readonly renewed: readonly string[];
}

/**
 * What the keyring must contain: every declared key, and whatever else it contains already.
 *
 * @param keep - number of values of a key that stay readable after a rotation, the new one included
 */
export function keyringChange(
  current: Readonly<Record<string, string>>,
  keys: DeclaredKeys,
  { rotate, keep }: { readonly rotate: boolean; readonly keep: number },
): Change {
  const names = Object.keys(keys).filter((name) => rotate || current[name] === undefined);
  const changed = names.map((name) => [name, withNewFirst(current[name], keys[name]?.length ?? 0, keep)] as const);
  return { values: { ...current, ...Object.fromEntries(changed) }, renewed: names };
}
