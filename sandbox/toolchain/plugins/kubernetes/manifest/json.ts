/**
 * JSON as it goes to and comes from the API server, and the few readers that keep the rest free of casts.
 * A value may hold `Unknown` while previewing; `serialise` is the gate that lets none of them out.
 */
import {
  Unknown,
  containsUnknown,
  isObject,
  sameValue,
  type Properties,
  type PropertyValue,
} from "../../server/values.ts";

export type Json = PropertyValue;
export type JsonObject = Properties;

export { containsUnknown, isObject, sameValue as equal };

export type Step = string | number;

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value under a path of keys and indexes, or undefined where the path leaves the object. */
export function at(value: Json | undefined, ...path: readonly Step[]): Json | undefined {
  let current = value;
  for (const step of path) {
    if (isList(current)) {
      current = typeof step === "number" ? current[step] : undefined;
    } else if (isObject(current)) {
      current = Object.hasOwn(current, String(step)) ? current[String(step)] : undefined;
    } else {
      return undefined;
    }
  }
  return current;
}

export function textAt(value: Json | undefined, ...path: readonly Step[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: Json | undefined, ...path: readonly Step[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

export function objectAt(value: Json | undefined, ...path: readonly Step[]): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

export function listAt(value: Json | undefined, ...path: readonly Step[]): readonly Json[] {
  const found = at(value, ...path);
  return isList(found) ? found : [];
}

/** What Go's `omitempty` may drop: the API server returns objects without such fields. */
export function isZero(value: Json | undefined): boolean {
  if (isList(value)) {
    return value.length === 0;
  }
  if (isObject(value)) {
    return Object.values(value).every(isZero);
  }
  return value === undefined || value === null || value === false || value === 0 || value === "";
}

/** The same value with every null member of an object left out (null means "not given"); nulls in lists stay. */
export function withoutNulls(value: Json): Json {
  if (isList(value)) {
    return value.map(withoutNulls);
  }
  return isObject(value) ? withoutNullMembers(value) : value;
}

export function withoutNullMembers(object: JsonObject): JsonObject {
  const kept = Object.entries(object).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNulls(member)]));
}

/** The same object without some members. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** JSON text. @throws Error when a value is not known: sending a placeholder would corrupt the object. */
export function serialise(value: Json): string {
  if (containsUnknown(value)) {
    throw new Error("a value that is not known yet was about to be sent to the API server");
  }
  return JSON.stringify(value);
}

function isJson(value: unknown): value is Json {
  switch (typeof value) {
    case "boolean":
    case "number":
    case "string":
      return true;
    case "object":
      return !(value instanceof Unknown) && (value === null || Object.values(value).every(isJson));
    default:
      return false;
  }
}

/** Parses text that must be a JSON object. @throws Error with `what` in its message. */
export function parseObject(text: string, what: string): JsonObject {
  const parsed: unknown = JSON.parse(text);
  if (!isJson(parsed) || !isObject(parsed)) {
    throw new Error(`${what} is not a JSON object`);
  }
  return parsed;
}
