import { z } from "zod";
import { isList, isObject, sameValue, type Properties, type PropertyValue } from "../../server/values.ts";
import type { ApiData, ApiValue } from "../server/vault.ts";
import { secondsOf } from "./durations.ts";
import { fieldOf, type Property, type PropertyTable } from "./property.ts";

/** The value that means "not set". Vault and the vendor's plugin make no difference between the two either. */
export function zeroOf(property: Property): PropertyValue {
  switch (property.kind) {
    case "flag":
      return false;
    case "number":
    case "seconds":
      return 0;
    case "list":
    case "set":
    case "maps":
      return [];
    case "map":
    case "block":
      return {};
    default:
      return "";
  }
}

/** Whether this value means the same as none. */
export function isZero(property: Property, value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) {
    return true;
  }
  if (isList(value)) {
    return value.length === 0;
  }
  if (property.kind === "duration") {
    return secondsOf(value) === 0;
  }
  if (property.kind === "json") {
    return value === "{}";
  }
  return isObject(value) && Object.keys(value).length === 0;
}

/** The value as a string: a string unchanged, undefined as an empty string, any other value as JSON. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

/** The value of a JSON string, with its names sorted. Returns any other string unchanged. */
function jsonValue(value: PropertyValue | undefined): unknown {
  try {
    return sorted(JSON.parse(asText(value)));
  } catch {
    return value;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([name, item]) => [name, sorted(item)]),
    );
  }
  return value;
}

/** One line of JSON with sorted names. JSON properties have this form in the state. */
export function jsonText(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** The object in a JSON property of the program. `check` has validated it before. */
export function jsonData(text: string): ApiData {
  return z.record(z.string(), z.json()).parse(JSON.parse(text === "" ? "{}" : text));
}

function sortedTexts(value: PropertyValue): PropertyValue {
  return isList(value) ? [...new Set(value.map(String))].sort() : value;
}

/** Whether two values mean the same to Vault. */
export function sameMeaning(
  property: Property,
  left: PropertyValue | undefined,
  right: PropertyValue | undefined,
): boolean {
  if (isZero(property, left) || isZero(property, right)) {
    return isZero(property, left) && isZero(property, right);
  }
  switch (property.kind) {
    case "text":
      return asText(left).trim() === asText(right).trim();
    case "pathPart":
      return trimSlashes(left) === trimSlashes(right);
    case "duration":
    case "seconds":
      return (secondsOf(left) ?? left) === (secondsOf(right) ?? right);
    case "json":
      return jsonText(jsonValue(left)) === jsonText(jsonValue(right));
    case "set":
      return left !== undefined && right !== undefined && sameValue(sortedTexts(left), sortedTexts(right));
    case "block":
      return sameBlock(property, left, right);
    default:
      return sameValue(left, right);
  }
}

/** Compares only the properties that `wanted` sets. The server chooses the others. */
function sameBlock(property: Property, wanted: PropertyValue | undefined, found: PropertyValue | undefined): boolean {
  if (!isObject(wanted) || !isObject(found)) {
    return false;
  }
  return Object.entries(property.properties ?? {}).every(
    ([name, inner]) => !(name in wanted) || inner.unread === true || sameMeaning(inner, wanted[name], found[name]),
  );
}

export function trimSlashes(value: PropertyValue | undefined): string {
  return typeof value === "string" ? value.replace(/^\/+|\/+$/g, "") : "";
}

function toApi(property: Property, value: PropertyValue): ApiValue {
  if (property.joined === true && isList(value)) {
    return value.map(asText).join(",");
  }
  if (property.kind === "block" && isObject(value)) {
    return { ...bodyOf(property.properties ?? {}, value) };
  }
  return plain(value);
}

/** The value as JSON. @throws Error when it contains an unknown value */
export function plain(value: PropertyValue): ApiValue {
  if (isList(value)) {
    return value.map(plain);
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
  }
  if (typeof value === "object" && value !== null) {
    throw new Error("an unknown value of a preview must not be sent to Vault");
  }
  return value;
}

/** The body of a request: the API's fields for the properties in `values`. */
export function bodyOf(properties: PropertyTable, values: Properties): ApiData {
  const body: Record<string, ApiValue> = {};
  for (const [name, property] of Object.entries(properties)) {
    const field = fieldOf(name, property);
    const value = values[name];
    if (field !== undefined && property.output !== true && value !== undefined) {
      body[field] = toApi(property, value);
    }
  }
  return body;
}

function fromApi(property: Property, value: ApiValue | undefined): PropertyValue | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  switch (property.kind) {
    case "seconds":
      return secondsOf(value) ?? plainOf(value);
    case "duration":
      return asText(value);
    case "list":
    case "set":
      return typeof value === "string" ? value.split(",").filter((item) => item !== "") : plainOf(value);
    case "map":
      return textsOf(value);
    case "json":
      return jsonText(value);
    case "block":
      return isApiData(value) ? propertiesIn(property.properties ?? {}, value) : undefined;
    default:
      return plainOf(value);
  }
}

function plainOf(value: ApiValue): PropertyValue {
  if (Array.isArray(value)) {
    return value.map(plainOf);
  }
  if (isApiData(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainOf(item)]));
  }
  return value;
}

export function isApiData(value: ApiValue | undefined): value is { [name: string]: ApiValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every value as a string, as in the SDK's maps. A value that is not a string becomes JSON. */
export function textsOf(value: ApiValue | undefined): PropertyValue {
  const entries = isApiData(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, item]) => [name, asText(item)]));
}

/** The properties in an answer of the API, by their names in the program. */
export function propertiesIn(properties: PropertyTable, data: ApiData): Properties {
  const found: Record<string, PropertyValue> = {};
  for (const [name, property] of Object.entries(properties)) {
    const field = property.answerField ?? fieldOf(name, property);
    const value = field === undefined || property.unread === true ? undefined : fromApi(property, data[field]);
    if (value !== undefined) {
      found[name] = value;
    }
  }
  return found;
}
