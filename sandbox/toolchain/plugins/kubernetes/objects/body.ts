import { at, isObject, objectAt, without, type Json, type JsonObject } from "../manifest/json.ts";

/**
 * The object that is sent to the API server, with `stringData` as `data`. The server can convert it too, but then it
 * does not record an owner for the keys. A key that the program no longer has would stay in the Secret.
 */
export function bodyOf(inputs: JsonObject): JsonObject {
  if (inputs.kind !== "Secret" || !isObject(inputs.stringData)) {
    return inputs;
  }
  const encoded = Object.entries(inputs.stringData).map(([key, value]): [string, Json] => [
    key,
    typeof value === "string" ? Buffer.from(value, "utf8").toString("base64") : value,
  ]);
  return { ...without(inputs, "stringData"), data: { ...objectAt(inputs, "data"), ...Object.fromEntries(encoded) } };
}

/** A Secret with `stringData`: those keys of its `data` that the program sets in `stringData`. */
export function withStringData(object: JsonObject, inputs: JsonObject): JsonObject {
  if (inputs.kind !== "Secret" || !isObject(inputs.stringData)) {
    return object;
  }
  const decoded = Object.keys(inputs.stringData).flatMap((key): [string, Json][] => {
    const value = at(object, "data", key);
    return typeof value === "string" ? [[key, Buffer.from(value, "base64").toString("utf8")]] : [];
  });
  return { ...object, stringData: Object.fromEntries(decoded) };
}
