import { isObject, sameValue, type Properties, type PropertyValue } from "../../server/values.ts";
import { secondsOf } from "./durations.ts";
import type { ApiData, ApiValue } from "../server/vault.ts";
import { fieldOf, type Property } from "./property.ts";

/** The value that stands for "not set"; Vault does not tell the two apart, and neither does the vendor's plugin. */
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

function isEmptyList(value: PropertyValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Is this value the same as none at all? */
export function isZero(property: Property, value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0 || isEmptyList(value)) {
    return true;
  }
  if (property.kind === "duration") {
    return secondsOf(value) === 0;
  }
  if (property.kind === "json") {
    return value === "{}";
  }
  return isObject(value) && Object.keys(value).length === 0;
}

/** A text as it is, anything else as JSON, nothing as an empty text. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

/** A JSON text without its spaces and the order of its names; a text that is no JSON as it is. */
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

/** One line of JSON, names sorted: the form in which a JSON property is kept. */
export function jsonText(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sortedTexts(value: PropertyValue): PropertyValue {
  return Array.isArray(value) ? [...new Set(value.map(String))].sort() : value;
}

/** Do the two mean the same for Vault? */
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
    case "place":
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

/** Of a block only what `wanted` names is held against the server; what it leaves out is the server's own. */
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

/** A value of the program as the API takes it. */
export function toApi(property: Property, value: PropertyValue): ApiValue {
  if (property.joined === true && Array.isArray(value)) {
    return value.join(",");
  }
  if (property.kind === "block" && isObject(value)) {
    return { ...bodyOf(property.properties ?? {}, value) };
  }
  return plain(value);
}

/** The value as JSON; what a preview does not know never gets this far. */
export function plain(value: PropertyValue): ApiValue {
  if (Array.isArray(value)) {
    return value.map((item: PropertyValue) => plain(item));
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
  }
  if (typeof value === "object" && value !== null) {
    throw new Error("a value that only a preview may leave open reached Vault's API");
  }
  return value;
}

/** The fields of a request for the properties that `values` holds. */
export function bodyOf(properties: Readonly<Record<string, Property>>, values: Properties): ApiData {
  const body: Record<string, ApiValue> = {};
  for (const [name, property] of Object.entries(properties)) {
    const field = fieldOf(name, property);
    const value = values[name] ?? (property.sentAlways === true ? zeroOf(property) : undefined);
    if (field !== undefined && property.output !== true && value !== undefined) {
      body[field] = toApi(property, value);
    }
  }
  return body;
}

/** A value of the API in the program's form. */
export function fromApi(property: Property, value: ApiValue | undefined): PropertyValue | undefined {
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

/** A value of the API as a property. */
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

/** Every value as a text, as maps of the SDK have them: what is no text becomes JSON. */
export function textsOf(value: ApiValue | undefined): PropertyValue {
  const entries = isApiData(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, item]) => [name, asText(item)]));
}

/** The properties that an answer of the API holds, by their names in the program. */
export function propertiesIn(properties: Readonly<Record<string, Property>>, data: ApiData): Properties {
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
