import { at, isObject, objectAt, without, type Json, type JsonObject } from "../manifest/json.ts";

/**
 * What is sent to the API server. `stringData` goes as `data`: the server would convert it on the way in, but then the
 * ownership of its keys is lost and a key that leaves the program would stay in the Secret.
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

/** The `stringData` that a Secret's `data` stands for, for the keys that the program gave as `stringData`. */
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
