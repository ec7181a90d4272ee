import { randomBytes } from "node:crypto";
import { closest } from "fastest-levenshtein";
import type { CheckFailure } from "../../server/plugin.ts";
import { isObject, Unknown, type Properties, type PropertyValue } from "../../server/values.ts";
import { secondsOf } from "./durations.ts";
import type { Property } from "./property.ts";
import type { Row } from "./row.ts";

/** What a property of each kind must look like in a program; texts of `json` and `duration` are looked into too. */
function problemOf(property: Property, value: PropertyValue): string | undefined {
  switch (property.kind) {
    case "flag":
      return typeof value === "boolean" ? undefined : "must be true or false";
    case "number":
    case "seconds":
      return Number.isInteger(value) ? undefined : "must be a whole number";
    case "list":
    case "set":
      return isList(value, (item) => typeof item === "string") ? undefined : "must be a list of texts";
    case "map":
      return isTextMap(value) ? undefined : "must map names to texts";
    case "maps":
      return isList(value, isTextMap) ? undefined : "must be a list of maps of texts";
    case "json":
      return isJsonObject(value) ? undefined : "must be the JSON text of an object";
    case "duration":
      return secondsOf(value) === undefined ? "must be a duration such as 72h, or seconds" : undefined;
    case "block":
      return isObject(value) ? undefined : "must be an object";
    default:
      return typeof value === "string" ? undefined : "must be a text";
  }
}

function isList(value: PropertyValue, accepts: (item: PropertyValue) => boolean): boolean {
  return Array.isArray(value) && value.every((item: PropertyValue) => item instanceof Unknown || accepts(item));
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

function notTaken(reason: string): string {
  return `the sandbox's vault plugin does not take it: ${reason}`;
}

function refusalOf(row: Row, name: string): string {
  const reason = Object.entries(row.refuses).find(([, names]) => names.includes(name))?.[0];
  if (reason !== undefined) {
    return notTaken(reason);
  }
  const known = Object.entries(row.properties).flatMap(([each, { output }]) => (output === true ? [] : [each]));
  return `${row.type} has no such property; did you mean "${closest(name, known)}"?`;
}

function failuresIn(
  properties: Row["properties"],
  values: Properties,
  prefix: string,
  refuse: (name: string) => string,
) {
  const failures: CheckFailure[] = [];
  for (const [name, value] of Object.entries(values)) {
    const property = properties[name];
    const path = `${prefix}${name}`;
    if (property === undefined || property.output === true) {
      failures.push({ property: path, reason: refuse(name) });
    } else if (property.refused !== undefined) {
      failures.push({ property: path, reason: notTaken(property.refused) });
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
    const refuse = (name: string) => `is not known here; did you mean "${closest(name, Object.keys(known))}"?`;
    return failuresIn(known, value, `${path}.`, refuse);
  }
  return [];
}

const digits = 7;

/** `name-3f09ac1`: the vendor's form, from the engine's seed so that a preview and its update agree. */
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

/** The inputs with the defaults of the row and, where the program gives none, a generated name that stays. */
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
    if (news[key] === undefined && property.autoName === true) {
      added[key] = isGenerated(name, olds[key]) ? olds[key] : generatedName(name, seed);
    }
  }
  return { ...news, ...added };
}

/** Null stands for "not given". */
function given(news: Properties): Properties {
  return Object.fromEntries(Object.entries(news).filter(([, value]) => value !== null));
}

/** Refuses what the row does not know, by name; completes the rest. */
export function checked(
  row: Row,
  name: string,
  olds: Properties,
  news: Properties,
  seed: Uint8Array,
): { inputs: Properties; failures: CheckFailure[] } {
  const completedOnes = completed(row, name, olds, given(news), seed);
  const inputs = { ...row.derived?.(completedOnes), ...completedOnes };
  const failures = failuresIn(row.properties, inputs, "", (property) => refusalOf(row, property));
  const ruled = failures.length === 0 && row.validate !== undefined ? row.validate(inputs) : [];
  return { inputs, failures: [...failures, ...ruled] };
}
