/** A value that a preview cannot know yet: an output of a resource that is still to be made. */
export class Unknown {
  /** The one instance: compare with `value === unknown` or `value instanceof Unknown`. */
  static readonly value = new Unknown();
  /** Keeps the type from being that of any object. */
  readonly kind = "unknown";
}

export const unknown = Unknown.value;

/** A file, a text or an archive of files given as a property; only plugins with `acceptsAssets` ever see one. */
export class Asset {
  readonly kind: "asset" | "archive";
  /** SHA-256 of the content, by the engine. */
  readonly hash: string;
  /** Where the content is: exactly one of these is set. */
  readonly content: { readonly text?: string; readonly path?: string; readonly uri?: string };

  constructor(kind: "asset" | "archive", hash: string, content: Asset["content"]) {
    this.kind = kind;
    this.hash = hash;
    this.content = content;
  }
}

/** What a property can hold once secrets are unwrapped. */
export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | Unknown
  | Asset
  | readonly PropertyValue[]
  | { readonly [name: string]: PropertyValue };

/** The properties of a resource, by name. */
export interface Properties {
  readonly [name: string]: PropertyValue;
}

/** Is this an object with named values: not null, not a list, not unknown, not an asset? */
export function isObject(value: PropertyValue | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isOpaque(value);
}

function isOpaque(value: object): boolean {
  return value instanceof Unknown || value instanceof Asset;
}

/** Is there a value inside that the preview does not know? */
export function containsUnknown(value: PropertyValue | undefined): boolean {
  if (value instanceof Unknown) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some(containsUnknown);
  }
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/** Are the two the same, whatever the order of names? An unknown value equals nothing, not even itself. */
export function sameValue(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
  if (left instanceof Unknown || right instanceof Unknown) {
    return false;
  }
  if (left instanceof Asset && right instanceof Asset) {
    return left.kind === right.kind && left.hash === right.hash;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    const other: readonly PropertyValue[] = right;
    return left.length === other.length && left.every((item: PropertyValue, index) => sameValue(item, other[index]));
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
