import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { pathOf } from "./differences.ts";
import type { CheckFailure } from "./plugin.ts";
import { Unknown, isObject, type Properties, type PropertyValue } from "./values.ts";

/**
 * Holds inputs against a schema; values that the preview does not know pass.
 *
 * Use `z.strictObject`: a name that is not known is refused with the nearest known one.
 */
export function checkInputs(schema: z.ZodType, inputs: Properties, knownNames: readonly string[] = []): CheckFailure[] {
  const result = schema.safeParse(inputs);
  if (result.success) {
    return [];
  }
  return result.error.issues
    .filter(({ path }) => !(valueAt(inputs, path) instanceof Unknown))
    .flatMap((issue) => failuresOf(issue, knownNames));
}

function failuresOf(issue: z.core.$ZodIssue, knownNames: readonly string[]): CheckFailure[] {
  const parent = issue.path.reduce<string>(
    (path, part) => (typeof part === "number" ? `${path}[${part}]` : pathOf(path, String(part))),
    "",
  );
  if (issue.code !== "unrecognized_keys") {
    return [{ property: parent, reason: `${parent || "the inputs"}: ${issue.message}` }];
  }
  return issue.keys.map((name) => ({
    property: pathOf(parent, name),
    reason: `${pathOf(parent, name)} is not a property this plugin knows${suggestion(name, knownNames)}`,
  }));
}

function suggestion(name: string, knownNames: readonly string[]): string {
  return knownNames.length === 0 ? "" : `; did you mean ${closest(name, knownNames)}?`;
}

function valueAt(value: PropertyValue | undefined, path: readonly PropertyKey[]): PropertyValue | undefined {
  return path.reduce<PropertyValue | undefined>((inner, part) => {
    if (inner instanceof Unknown) {
      return inner;
    }
    if (isList(inner) && typeof part === "number") {
      return inner[part];
    }
    return isObject(inner) ? inner[String(part)] : undefined;
  }, value);
}

function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}
