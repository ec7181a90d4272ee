import type { PropertyValue } from "../../server/values.ts";

/**
 * How a property is written in the program, compared with the server and sent:
 * - `text`, `flag`, `number`: unchanged;
 * - `pathPart`: a mount path or a name; slashes at its start and end do not count;
 * - `seconds`: a number in the program; a number or a Go duration in the API;
 * - `duration`: a string such as `72h` or `3600` in the program; any of these forms in the API;
 * - `list`: the order counts; `set`: it does not;
 * - `map`: names to strings; `maps`: a list of those;
 * - `json`: a string that contains JSON; only its value counts;
 * - `block`: a nested object with its own properties.
 */
export type Kind =
  "text" | "flag" | "number" | "pathPart" | "seconds" | "duration" | "list" | "set" | "map" | "maps" | "json" | "block";

/** Traits of a property. All are optional. */
export interface PropertyTraits {
  /** The program must set it. */
  readonly required?: boolean;
  /** A change replaces the object. */
  readonly replaces?: boolean;
  /** The value when the program sets none. It becomes part of the inputs. */
  readonly default?: PropertyValue;
  /** When the program does not set it, the server chooses its value, and that value is kept. */
  readonly computed?: boolean;
  /** An output, never an input. */
  readonly output?: boolean;
  /** Encrypted in the state and redacted in errors. */
  readonly secret?: boolean;
  /** The API never returns it, so only a change in the program is visible. */
  readonly unread?: boolean;
  /** Name of another property. The value is sent on creation and when that property changes. It is never an output. */
  readonly writtenWith?: string;
  /** When the program does not set it, its value is the name of the resource with seven random digits. */
  readonly autoName?: boolean;
  /** Its name in the API. Default: its own name in snake case. `false`: it is not a field of the body. */
  readonly field?: string | false;
  /** Its name in answers of the API. Default: like `field`. */
  readonly answerField?: string;
  /** The API represents this list as one string with commas. */
  readonly joined?: boolean;
  /** The reason why this plugin refuses the property, which the SDK has in a block. */
  readonly refused?: string;
  /** Properties of a block. */
  readonly properties?: PropertyTable;
}

export interface Property extends PropertyTraits {
  readonly kind: Kind;
}

/** Properties by their names in the program. */
export type PropertyTable = Readonly<Record<string, Property>>;

type PropertyFactory = (traits?: PropertyTraits) => Property;
const propertyOf =
  (kind: Kind, fixed: PropertyTraits = {}): PropertyFactory =>
  (traits) => ({ kind, ...fixed, ...traits });

export const text = propertyOf("text");
export const flag = propertyOf("flag");
export const number = propertyOf("number");
export const seconds = propertyOf("seconds");
export const duration = propertyOf("duration");
export const list = propertyOf("list");
export const set = propertyOf("set");
export const map = propertyOf("map");
export const maps = propertyOf("maps");
export const json = propertyOf("json");
/** A part of the object's path. It is not in the body, and a change replaces the object. */
export const pathPart = propertyOf("pathPart", { replaces: true, field: false });
export const block = (properties: PropertyTable, traits: PropertyTraits = {}): Property => ({
  kind: "block",
  properties,
  ...traits,
});

/**
 * The property's name in the API: `tokenBoundCidrs` is `token_bound_cidrs`. Undefined when it is not a field of the
 * body.
 */
export function fieldOf(name: string, property: Property): string | undefined {
  if (property.field === false) {
    return undefined;
  }
  return property.field ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Adds these traits to each property. */
export function each(properties: PropertyTable, traits: PropertyTraits): PropertyTable {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, { ...property, ...traits }]));
}

/** The properties without those of the other table. */
export function except(properties: PropertyTable, others: PropertyTable): PropertyTable {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !(name in others)));
}
