import type { ObjectName } from "../api/errors.ts";
import { textAt, type JsonObject } from "../manifest/json.ts";
import { objectType } from "../manifest/tokens.ts";

/**
 * The name of the object in inputs.
 *
 * @throws Error without a name: `check` gives a name to every object, so this is a bug
 */
export function addressOf(object: JsonObject): ObjectName {
  const name = textAt(object, "metadata", "name");
  const apiVersion = textAt(object, "apiVersion");
  const kind = textAt(object, "kind");
  if (name === undefined || apiVersion === undefined || kind === undefined) {
    throw new Error("an object without name, apiVersion or kind passed the check");
  }
  return { apiVersion, kind, name, namespace: textAt(object, "metadata", "namespace") };
}

/** The resource id, as in the vendor's plugin: `namespace/name`, or `name` for an object without a namespace. */
export function idOf(object: ObjectName): string {
  return object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
}

/** The name of the object with an id. Its version and kind come from the state, else from the type token. */
export function addressOfId(token: string, id: string, state: JsonObject): ObjectName {
  const type = objectType(token);
  const slash = id.indexOf("/");
  return {
    apiVersion: textAt(state, "apiVersion") ?? type.apiVersion,
    kind: textAt(state, "kind") ?? type.kind,
    ...(slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) }),
  };
}
