import type { Path } from "./paths.ts";
import { isList, isObject, sameValue, type Properties, type PropertyValue } from "./values.ts";

/** One difference between two versions of a resource's properties. */
export interface Change {
  readonly path: Path;
  readonly kind: "add" | "delete" | "update";
}

/** The smallest set of paths at which two objects differ. Lists are compared item by item; an unknown value differs. */
export function changesBetween(before: Properties, after: Properties): Change[] {
  return compare(before, after, []);
}

function compare(before: PropertyValue | undefined, after: PropertyValue | undefined, path: Path): Change[] {
  if (before === undefined && after === undefined) {
    return [];
  }
  if (before === undefined || after === undefined) {
    return [{ path, kind: before === undefined ? "add" : "delete" }];
  }
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => compare(before[name], after[name], [...path, name]));
  }
  if (isList(before) && isList(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => compare(before[index], after[index], [...path, index])).flat();
  }
  return sameValue(before, after) ? [] : [{ path, kind: "update" }];
}
