import { indexOfItem, listKey } from "../../../../../services/drift/keyed-lists.ts";
import { sameValue, isList, isObject, isZero, type Json, type JsonObject } from "../manifest/json.ts";

/**
 * The inputs that describe the live object.
 *
 * `wanted` is the result of a dry run that applies the inputs again. Where it is equal to the live object, nothing was
 * changed by hand, and the inputs keep the program's notation ("1000m" stays "1000m"). Fields that other programs set
 * are in both objects, so the result does not contain them.
 */
export function projected(inputs: JsonObject, wanted: JsonObject, live: JsonObject): JsonObject {
  return members(inputs, wanted, live);
}

function value(input: Json, wanted: Json | undefined, live: Json | undefined): Json | undefined {
  if (sameValue(wanted, live)) {
    return input;
  }
  if (live === undefined) {
    return isZero(input) ? input : undefined;
  }
  if (isObject(input) && isObject(wanted) && isObject(live)) {
    return members(input, wanted, live);
  }
  if (isList(input) && isList(wanted) && isList(live)) {
    return items(input, wanted, live);
  }
  return live;
}

function members(input: JsonObject, wanted: JsonObject, live: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, member] of Object.entries(input)) {
    const found = value(member, wanted[name], live[name]);
    if (found !== undefined) {
      result[name] = found;
    }
  }
  return result;
}

/** Compares items with a key one by one. For a list without keys, returns the live list. */
function items(input: readonly Json[], wanted: readonly Json[], live: readonly Json[]): readonly Json[] {
  const key = listKey(input, wanted, live);
  if (key === undefined) {
    return live;
  }
  return input.flatMap((item) => {
    const sameItem = (list: readonly Json[]): Json | undefined => list[indexOfItem(list, item, key)];
    const found = value(item, sameItem(wanted), sameItem(live));
    return found === undefined ? [] : [found];
  });
}
