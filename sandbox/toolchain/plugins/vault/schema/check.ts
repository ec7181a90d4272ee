import { randomBytes } from "node:crypto";
import { closest } from "fastest-levenshtein";
import type { CheckFailure, CheckResult } from "../../server/plugin.ts";
import { isList, isObject, Unknown, type Properties, type PropertyValue } from "../../server/values.ts";
import { secondsOf } from "./durations.ts";
import type { Property, PropertyTable } from "./property.ts";
import type { Row } from "./row.ts";

/** The problem with the type or form of a value; undefined when there is none. */
function problemOf(property: Property, value: PropertyValue): string | undefined {
  switch (property.kind) {
    case "flag":
      return typeof value === "boolean" ? undefined : "must be true or false";
    case "number":
    case "seconds":
      return Number.isInteger(value) ? undefined : "must be a whole number";
    case "list":
    case "set":
      return isListOf(value, (item) => typeof item === "string") ? undefined : "must be a list of strings";
    case "map":
      return isTextMap(value) ? undefined : "must map names to strings";
    case "maps":
      return isListOf(value, isTextMap) ? undefined : "must be a list of maps of strings";
    case "json":
      return isJsonObject(value) ? undefined : "must be the JSON text of an object";
    case "duration":
      return secondsOf(value) === undefined ? "must be a duration such as 72h, or seconds" : undefined;
    case "block":
      return isObject(value) ? undefined : "must be an object";
    default:
      return typeof value === "string" ? undefined : "must be a string";
  }
}

function isListOf(value: PropertyValue, accepts: (item: PropertyValue) => boolean): boolean {
  return isList(value) && value.every((item) => item instanceof Unknown || accepts(item));
}

function isTextMap(value: PropertyValue): boolean {
  return isObject(value) && Object.values(value).every((item) => item instanceof Unknown || typeof item === "string");
}

function isJsonObject(value: PropertyValue): boolean {
  try {
    const parsed: unknown = JSON.parse(typeof value === "string" ? value : "");
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

function notSupported(reason: string): string {
  return `the sandbox's vault plugin does not support it: ${reason}`;
}

function unknownProperty(row: Row, name: string): string {
  const reason = Object.entries(row.refuses).find(([, names]) => names.includes(name))?.[0];
  if (reason !== undefined) {
    return notSupported(reason);
  }
  const known = Object.entries(row.properties).flatMap(([each, { output }]) => (output === true ? [] : [each]));
  return `${row.type} has no such property; did you mean "${closest(name, known)}"?`;
}

/** @param unknownReason - the reason to refuse a property that the table does not have */
function failuresIn(
  properties: PropertyTable,
  values: Properties,
  prefix: string,
  unknownReason: (name: string) => string,
): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const [name, value] of Object.entries(values)) {
    const property = properties[name];
    const path = `${prefix}${name}`;
    if (property === undefined || property.output === true) {
      failures.push({ property: path, reason: unknownReason(name) });
    } else if (property.refused !== undefined) {
      failures.push({ property: path, reason: notSupported(property.refused) });
    } else if (!(value instanceof Unknown)) {
      failures.push(...valueFailures(property, value, path));
    }
  }
  const missing = Object.entries(properties).filter(([name, { required }]) => required === true && !(name in values));
  return [...failures, ...missing.map(([name]) => ({ property: `${prefix}${name}`, reason: "is required" }))];
}

function valueFailures(property: Property, value: PropertyValue, path: string): CheckFailure[] {
  const problem = problemOf(property, value);
  if (problem !== undefined) {
    return [{ property: path, reason: problem }];
  }
  if (property.kind === "block" && isObject(value)) {
    const known = property.properties ?? {};
    const unknownReason = (name: string) => `is not known; did you mean "${closest(name, Object.keys(known))}"?`;
    return failuresIn(known, value, `${path}.`, unknownReason);
  }
  return [];
}

const digits = 7;

/**
 * A name such as `name-3f09ac1`, as with the vendor's plugin. A preview and its update get the same digits, from the
 * engine's seed.
 */
function generatedName(name: string, seed: Uint8Array): string {
  const random = seed.length > 0 ? Buffer.from(seed) : randomBytes(digits);
  return `${name}-${random.toString("hex").slice(0, digits).padEnd(digits, "0")}`;
}

function isGenerated(name: string, value: PropertyValue | undefined): value is string {
  return (
    typeof value === "string" && value.startsWith(`${name}-`) && /^[0-9a-f]{7}$/.test(value.slice(name.length + 1))
  );
}

function defaultsOf(block: Property): Properties {
  const inner = Object.entries(block.properties ?? {});
  return Object.fromEntries(
    inner.flatMap(([name, each]) => (each.default === undefined ? [] : [[name, each.default]])),
  );
}

/** Adds the row's defaults, the derived values, and a generated name when the program sets none. */
function completed(row: Row, name: string, olds: Properties, news: Properties, seed: Uint8Array): Properties {
  const added: Record<string, PropertyValue> = {};
  for (const [key, property] of Object.entries(row.properties)) {
    const value = news[key];
    if (value === undefined && property.default !== undefined) {
      added[key] = property.default;
    }
    if (property.kind === "block" && isObject(value)) {
      added[key] = { ...defaultsOf(property), ...value };
    }
    if (value === undefined && property.autoName === true) {
      added[key] = isGenerated(name, olds[key]) ? olds[key] : generatedName(name, seed);
    }
  }
  const inputs = { ...news, ...added };
  return { ...row.derived?.(inputs), ...inputs };
}

/** Null means "not set". */
function withoutNulls(news: Properties): Properties {
  return Object.fromEntries(Object.entries(news).filter(([, value]) => value !== null));
}

/** Completes the inputs of a resource and validates them. */
export function checked(row: Row, name: string, olds: Properties, news: Properties, seed: Uint8Array): CheckResult {
  const inputs = completed(row, name, olds, withoutNulls(news), seed);
  const failures = failuresIn(row.properties, inputs, "", (property) => unknownProperty(row, property));
  return { inputs, failures: failures.length > 0 ? failures : (row.validate?.(inputs) ?? []) };
}
