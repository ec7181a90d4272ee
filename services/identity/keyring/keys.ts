import { randomInt } from "node:crypto";
import { z } from "zod";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** One key of an application, by the name that the application's Secret gives it. */
const keyShape = z.strictObject({
  /** Characters of each value. Kratos' cipher secrets must be exactly 32 long. */
  length: z.int().min(16).max(256),
});

const keyName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, "expected a name such as secretsSystem");

/** The keys that an application has. */
export const declaredKeys = z
  .record(keyName, keyShape)
  .refine((keys) => Object.keys(keys).length > 0, "expected a key at least");

export type DeclaredKeys = z.output<typeof declaredKeys>;

function newValue(length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}

/** Values in Ory's form: joined by commas, the first one writes, the others still read. */
function withNewFirst(values: string | undefined, length: number, keep: number): string {
  const former = values === undefined ? [] : values.split(",");
  return [newValue(length), ...former].slice(0, keep).join(",");
}

export interface Change {
  readonly values: Readonly<Record<string, string>>;
  /** Names of the keys that got a new value; empty when nothing is to be written. */
  readonly renewed: readonly string[];
}

/**
 * What the keyring should hold: every declared key, and what else is there already.
 *
 * @param keep - how many values of a key stay readable when it rotates, the new one included
 */
export function renewed(
  held: Readonly<Record<string, string>>,
  keys: DeclaredKeys,
  { rotate, keep }: { readonly rotate: boolean; readonly keep: number },
): Change {
  const names = Object.keys(keys).filter((name) => rotate || held[name] === undefined);
  const fresh = names.map((name) => [name, withNewFirst(held[name], keys[name]?.length ?? 0, keep)] as const);
  return { values: { ...held, ...Object.fromEntries(fresh) }, renewed: names };
}
