/**
 * JSON of the API server, and functions that read it. In a preview a value can contain `Unknown`. `serialise` ensures
 * that it is never sent.
 */
import {
  Unknown,
  containsUnknown,
  isList,
  isObject,
  type Properties,
  type PropertyValue,
} from "../../server/values.ts";

export type Json = PropertyValue;
export type JsonObject = Properties;

export { containsUnknown, isList, isObject, sameValue, without } from "../../server/values.ts";

export type Step = string | number;

/** The value at a path of keys and indexes; undefined when the path does not exist. */
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

/** Whether Go's `omitempty` may drop the value: the API server returns objects without such fields. */
export function isZero(value: Json | undefined): boolean {
  if (isList(value)) {
    return value.length === 0;
  }
  if (isObject(value)) {
    return Object.values(value).every(isZero);
  }
  return value === undefined || value === null || value === false || value === 0 || value === "";
}

/** The value without null members of objects: null means "not set". A null in a list stays. */
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

/** JSON text. @throws Error when it contains an unknown value */
export function serialise(value: Json): string {
  if (containsUnknown(value)) {
    throw new Error("an unknown value of a preview must not be sent to the API server");
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

/** Parses the JSON text of an object. @throws Error with `what` in its message */
export function parseObject(text: string, what: string): JsonObject {
  const parsed: unknown = JSON.parse(text);
  if (!isJson(parsed) || !isObject(parsed)) {
    throw new Error(`${what} is not a JSON object`);
  }
  return parsed;
}
