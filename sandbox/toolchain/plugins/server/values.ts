/** A value that is unknown in a preview, such as an output of a resource that does not exist yet. */
export class Unknown {
  /** The one instance: compare with `value === unknown` or `value instanceof Unknown`. */
  static readonly value = new Unknown();
  /** Makes the type different from an empty object. */
  readonly kind = "unknown";
}

export const unknown = Unknown.value;

/** What a property can hold once secrets are unwrapped. */
export type PropertyValue =
  null | boolean | number | string | Unknown | readonly PropertyValue[] | { readonly [name: string]: PropertyValue };

/** The properties of a resource, by name. */
export interface Properties {
  readonly [name: string]: PropertyValue;
}

/** Whether this is an object with named values: not null, not a list, not unknown. */
export function isObject(value: PropertyValue | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

export function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** Whether the value, or one inside it, is unknown. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
  if (value instanceof Unknown) {
    return true;
  }
  if (isList(value)) {
    return value.some(containsUnknown);
  }
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/**
 * Whether two values are equal. The order of names does not count. An unknown value equals no value, not even itself.
 */
export function sameValue(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
  if (left instanceof Unknown || right instanceof Unknown) {
    return false;
  }
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => sameValue(item, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    const names = Object.keys(left);
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => Object.hasOwn(right, name) && sameValue(left[name], right[name]))
    );
  }
  return left === right;
}

/** The properties without the named ones. */
export function without(properties: Properties, ...names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}
