import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import {
  allowedValues,
  factsOf,
  isLeaf,
  knownKeys,
  schemaAt,
  valueAt,
  type SettingFacts,
  type Schema,
} from "./schema.ts";
import { secretCommand, settingPath } from "./setting-path.ts";

type Issue = z.core.$ZodIssue;

/** The kind of a value, for messages that do not show the value. */
function kind(given: unknown): string {
  if (given === null) {
    return "an empty value";
  }
  if (Array.isArray(given)) {
    return given.length === 0 ? "an empty list" : "a list";
  }
  const kinds: Record<string, string> = { object: "a mapping", string: "a text", number: "a number" };
  return kinds[typeof given] ?? "true or false";
}

/** A value, short enough for a message. Only for a setting that is no secret and holds none. */
function shown(given: unknown): string {
  if (typeof given === "object") {
    return kind(given);
  }
  const long = typeof given === "string" && given.length > 60;
  return long ? `a text of ${given.length} characters` : JSON.stringify(given);
}

const plain = (key: string): string => key.toLowerCase().replaceAll(/[-_]/g, "");

/** The known key that the operator most likely meant; undefined when none is similar. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, far: distance(plain(key), plain(candidate)) }))
    .sort((one, other) => one.far - other.far);
  return best && best.far <= Math.max(1, Math.floor(plain(key).length / 3)) ? best.candidate : undefined;
}

function unknownSetting(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === undefined
    ? `unknown setting; known here: ${known.join(", ")}`
    : `unknown setting; did you mean "${meant}"?`;
}

/** What to say about a key such as `foundation.domain`, which `pulumi config set` writes without `--path`. */
function pathAsKey(root: Schema, given: unknown, key: string, known: readonly string[]): string | undefined {
  const path = key.split(/[.[\]"]+/).filter((part) => part !== "");
  if (path.length < 2 || !known.includes(path[0] ?? "")) {
    return undefined;
  }
  const schema = schemaAt(root, path, given);
  const set =
    schema !== undefined && factsOf(schema).secret
      ? secretCommand(path)
      : `pulumi config set --path 'bibind:${key}' VALUE`;
  return `was set without --path; remove it with: pulumi config rm 'bibind:${key}', and give it with: ${set}`;
}

function missing({ base, expected, secret }: SettingFacts, path: readonly PropertyKey[]): string {
  if (secret) {
    return `missing; give it with: ${secretCommand(path)}`;
  }
  const allowed = allowedValues(base);
  return `missing; ${allowed ? `supported: ${allowed.join(", ")}` : `expected ${expected}`}`;
}

/** @param fault - what a check found wrong; undefined when it found only that the form is wrong */
function mismatch(
  facts: SettingFacts,
  path: readonly PropertyKey[],
  given: unknown,
  fault: string | undefined,
): string {
  const reason = fault === undefined ? "" : `: ${fault}`;
  if (given === undefined) {
    return missing(facts, path);
  }
  if (facts.secret) {
    return `expected ${facts.expected}${reason}; replace it with: ${secretCommand(path)}`;
  }
  const allowed = allowedValues(facts.base);
  if (allowed !== undefined) {
    return `unsupported ${shown(given)}; supported: ${allowed.join(", ")}`;
  }
  return `expected ${facts.expected}, got ${isLeaf(facts.base) ? shown(given) : kind(given)}${reason}`;
}

/** Whether the issue has a complete message: a rule's issue has one, a check of a value's form has none. */
const hasOwnMessage = (issue: Issue): boolean => issue.code === "custom" && issue.params?.["form"] !== true;

/** What a check of a value's form found; undefined for another issue. See `checkedText`. */
function faultIn(issue: Issue): string | undefined {
  return issue.code === "custom" && typeof issue.params?.["fault"] === "string" ? issue.params["fault"] : undefined;
}

/** The problems of one issue: the path of each, and its message. */
function problemsOf(root: Schema, given: unknown, issue: Issue): [path: PropertyKey[], problem: string][] {
  const { path } = issue;
  if (hasOwnMessage(issue)) {
    return [[path, issue.message]];
  }
  if (issue.code === "invalid_union" && "options" in issue) {
    const found = valueAt(given, path);
    const problem = found === undefined ? "missing" : `unsupported ${shown(found)}`;
    return [[path, `${problem}; supported: ${issue.options?.join(", ") ?? ""}`]];
  }
  if (issue.code === "invalid_key") {
    return [[path, `expected another name: ${issue.issues.map(({ message }) => message).join("; ")}`]];
  }
  const schema = schemaAt(root, path, given);
  if (schema === undefined) {
    return [[path, issue.message]];
  }
  const facts = factsOf(schema);
  const value = valueAt(given, path);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(facts.base, value);
    return issue.keys.map((key) => {
      const asKey = path.length === 0 ? pathAsKey(root, given, key, known) : undefined;
      return [[...path, key], asKey ?? unknownSetting(key, known)];
    });
  }
  return [[path, mismatch(facts, path, value, faultIn(issue))]];
}

/**
 * All problems, one line each: setting, file, what is expected and what was given.
 *
 * The value of a secret never appears.
 */
export function problemLines(root: Schema, given: unknown, issues: readonly Issue[], file: string): string[] {
  const lines = issues
    .flatMap((issue) => problemsOf(root, given, issue))
    .map(([path, problem]) => `${settingPath(path)} (${file}): ${problem}`);
  return [...new Set(lines)];
}
