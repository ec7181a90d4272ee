import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { pathText, type Path } from "./paths.ts";
import type { CheckFailure } from "./plugin.ts";
import { Unknown, isList, isObject, type Properties, type PropertyValue } from "./values.ts";

/**
 * Checks inputs against a strict schema. A value that is unknown in a preview is accepted. The failure for a property
 * that the schema does not have suggests the most similar one.
 */
export function checkInputs(schema: z.ZodObject, inputs: Properties): CheckFailure[] {
  const issues = schema.safeParse(inputs).error?.issues ?? [];
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    return valueAt(inputs, path) instanceof Unknown ? [] : failuresOf(issue, path, Object.keys(schema.shape));
  });
}

function failuresOf(issue: z.core.$ZodIssue, path: Path, knownNames: readonly string[]): CheckFailure[] {
  if (issue.code !== "unrecognized_keys") {
    const property = pathText(path);
    return [{ property, reason: `${property || "the inputs"}: ${issue.message}` }];
  }
  return issue.keys.map((name) => {
    const property = pathText([...path, name]);
    const suggestion = path.length === 0 ? `; did you mean ${closest(name, knownNames)}?` : "";
    return { property, reason: `${property} is not a property this plugin knows${suggestion}` };
  });
}

function valueAt(value: PropertyValue | undefined, path: Path): PropertyValue | undefined {
  return path.reduce<PropertyValue | undefined>((inner, step) => {
    if (inner instanceof Unknown) {
      return inner;
    }
    if (isList(inner)) {
      return typeof step === "number" ? inner[step] : undefined;
    }
    return isObject(inner) ? inner[step] : undefined;
  }, value);
}
