import type { PropertyValue } from "../../server/values.ts";

/**
 * How a property is written in the program, compared with the server and sent:
 * - `text`, `flag`, `number`: unchanged;
 * - `pathPart`: a mount path or a name; slashes around it do not count;
 * - `seconds`: a number in the program; a number or a Go duration in the API;
 * - `duration`: a text such as `72h` or `3600` in the program; any of these forms in the API;
 * - `list`: the order counts; `set`: it does not;
 * - `map`: names to texts; `maps`: a list of those;
 * - `json`: a text that holds JSON; only its value counts;
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
  /** Without a value of the program, the server's own value is kept. */
  readonly computed?: boolean;
  /** An output, never an input. */
  readonly output?: boolean;
  /** Encrypted in the state and redacted in errors. */
  readonly secret?: boolean;
  /** The API never returns it, so only a change in the program is visible. */
  readonly unread?: boolean;
  /** Sent on creation and when the property of this name changes. It is never an output. */
  readonly writtenWith?: string;
  /** Without a value of the program, the name of the resource with seven random digits. */
  readonly autoName?: boolean;
  /** Its name in the API when that is not the snake case of its name here; `false` when it is no field of the body. */
  readonly field?: string | false;
  /** Its name in answers of the API, when that differs. */
  readonly answerField?: string;
  /** The API represents this list as one text with commas. */
  readonly joined?: boolean;
  /** The reason why this plugin refuses a property that the SDK has inside a block. */
  readonly refused?: string;
  /** Properties of a block. */
  readonly properties?: PropertyTable;
}

export interface Property extends PropertyTraits {
  readonly kind: Kind;
}

/** Properties by their names in the program. */
export type PropertyTable = Readonly<Record<string, Property>>;

type Maker = (traits?: PropertyTraits) => Property;
const of =
  (kind: Kind, fixed: PropertyTraits = {}): Maker =>
  (traits) => ({ kind, ...fixed, ...traits });

export const text = of("text");
export const flag = of("flag");
export const number = of("number");
export const seconds = of("seconds");
export const duration = of("duration");
export const list = of("list");
export const set = of("set");
export const map = of("map");
export const maps = of("maps");
export const json = of("json");
/** Part of the object's path: it is not in the body, and a change replaces the object. */
export const pathPart = of("pathPart", { replaces: true, field: false });
export const block = (properties: PropertyTable, traits: PropertyTraits = {}): Property => ({
  kind: "block",
  properties,
  ...traits,
});

/** The property's name in the API: `tokenBoundCidrs` is `token_bound_cidrs`. Undefined when it is no field there. */
export function fieldOf(name: string, property: Property): string | undefined {
  if (property.field === false) {
    return undefined;
  }
  return property.field ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The properties with these traits added to each. */
export function each(properties: PropertyTable, traits: PropertyTraits): PropertyTable {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, { ...property, ...traits }]));
}

/** The properties without those of the other table. */
export function except(properties: PropertyTable, others: PropertyTable): PropertyTable {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !(name in others)));
}
