import { equal, isList, isObject, type Json, type JsonObject, type Step } from "../manifest/json.ts";
import type { Path } from "../manifest/paths.ts";

/** One difference between two versions of an object's inputs. */
export interface Change {
  readonly path: Path;
  readonly kind: "add" | "delete" | "update";
}

/** The smallest set of paths at which two objects differ; lists are compared item by item. */
export function changesBetween(before: JsonObject, after: JsonObject): Change[] {
  return compare(before, after, []);
}

function compare(before: Json | undefined, after: Json | undefined, path: readonly Step[]): Change[] {
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
  return equal(before, after) ? [] : [{ path, kind: "update" }];
}
