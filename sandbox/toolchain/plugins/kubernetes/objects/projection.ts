import { sameValue, isList, isObject, isZero, type Json, type JsonObject } from "../manifest/json.ts";

/** Members that identify an item of a list (list map keys of the API). The first that fits is used. */
const KEYS: readonly (readonly string[])[] = [
  ["name"],
  ["key"],
  ["containerPort", "protocol"],
  ["port", "protocol"],
  ["mountPath"],
  ["devicePath"],
  ["topologyKey", "whenUnsatisfiable"],
  ["ip"],
  ["uid"],
  ["type"],
  ["host"],
  ["id"],
];

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
  const key = KEYS.find((names) => [...input, ...wanted, ...live].every((item) => hasKey(item, names)));
  if (key === undefined) {
    return live;
  }
  return input.flatMap((item) => {
    const found = value(item, sameKeyed(wanted, item, key), sameKeyed(live, item, key));
    return found === undefined ? [] : [found];
  });
}

function hasKey(item: Json, names: readonly string[]): item is JsonObject {
  return isObject(item) && names[0] !== undefined && item[names[0]] !== undefined;
}

function sameKeyed(list: readonly Json[], item: Json, names: readonly string[]): Json | undefined {
  return list.find((other) => names.every((name) => keyPart(other, name) === keyPart(item, name)));
}

/** A port without a protocol is a TCP port. */
function keyPart(item: Json, name: string): Json | undefined {
  const part = isObject(item) ? item[name] : undefined;
  return part ?? (name === "protocol" ? "TCP" : undefined);
}
