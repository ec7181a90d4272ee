import type { PropertyValue } from "../../server/values.ts";

/**
 * How a property is written in the program, held against the server and sent:
 * - `text`, `flag`, `number`: as they are;
 * - `place`: a mount path or name; slashes around it do not count;
 * - `seconds`: a number in the program, a number or a Go duration in the API;
 * - `duration`: text such as `72h` or `3600` in the program, any of these in the API;
 * - `list`: order counts; `set`: order does not;
 * - `map`: names to texts;
 * - `json`: text that holds JSON; only its value counts;
 * - `block`: a nested object with properties of its own.
 */
export type Kind =
  "text" | "flag" | "number" | "place" | "seconds" | "duration" | "list" | "set" | "map" | "maps" | "json" | "block";

/** What can be said of a property in a row of the table; everything is optional. */
export interface PropertyTraits {
  /** The program must give it. */
  readonly required?: boolean;
  /** Changing it replaces the object. */
  readonly replaces?: boolean;
  /** Used when the program gives none; it becomes part of the inputs. */
  readonly default?: PropertyValue;
  /** Without a value of the program, the server's own value is accepted and kept. */
  readonly computed?: boolean;
  /** Only ever an output. */
  readonly output?: boolean;
  /** Kept encrypted in the state, hidden in errors. */
  readonly secret?: boolean;
  /** The API never returns it: a change is seen in the program only. */
  readonly unread?: boolean;
  /** Sent when the object is made and when the property of this name changes, never stored as an output. */
  readonly writtenWith?: string;
  /** Sent with its zero value when the object is made and the program gives none. */
  readonly sentAlways?: boolean;
  /** Sent only when the object is made. */
  readonly fixed?: boolean;
  /** Made from the resource's name and seven random digits when the program gives none. */
  readonly autoName?: boolean;
  /** Its name in the API when that is not the snake case of its name here; `false` when it is no field of the body. */
  readonly field?: string | false;
  /** Its name in answers of the API, when that is another one. */
  readonly answerField?: string;
  /** The API wants this list as one text with commas. */
  readonly joined?: boolean;
  /** The SDK has it inside a block, this plugin does not take it: why. */
  readonly refused?: string;
  /** Properties of a block. */
  readonly properties?: Readonly<Record<string, Property>>;
}

export interface Property extends PropertyTraits {
  readonly kind: Kind;
}

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
/** Part of the object's path: never in the body, and changing it replaces the object. */
export const place = of("place", { replaces: true, field: false });
export const block = (properties: Readonly<Record<string, Property>>, traits: PropertyTraits = {}): Property => ({
  kind: "block",
  properties,
  ...traits,
});

/** The property's name in the API: `tokenBoundCidrs` is `token_bound_cidrs`. */
export function fieldOf(name: string, property: Property): string | undefined {
  if (property.field === false) {
    return undefined;
  }
  return property.field ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The properties with every trait of `traits` added, such as all of them replacing the object. */
export function each(
  properties: Readonly<Record<string, Property>>,
  traits: PropertyTraits,
): Readonly<Record<string, Property>> {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, { ...property, ...traits }]));
}
