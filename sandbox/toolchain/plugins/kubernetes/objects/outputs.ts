import { unknown } from "../../server/values.ts";
import { at, isObject, objectAt, textAt, without, type Json, type JsonObject } from "../manifest/json.ts";
import { fieldManager } from "../manifest/naming.ts";
import { withStringData } from "./body.ts";

/**
 * Output with the field manager, as in the vendor's plugin. The fields keep their owner when the resource is renamed.
 */
const FIELD_MANAGER = "__fieldManager";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The field manager that applied the object; before the first apply, that of the resource. */
export function managerOf(urn: string, outputs: JsonObject): string {
  return textAt(outputs, FIELD_MANAGER) ?? fieldManager(urn);
}

/** Outputs of an object: the live object without its managed fields, because other programs change them too. */
export function outputsOf(live: JsonObject, inputs: JsonObject, manager: string): JsonObject {
  const metadata = without(objectAt(live, "metadata"), "managedFields");
  const annotations = at(metadata, "annotations");
  const kept: JsonObject = isObject(annotations) ? { annotations: without(annotations, LAST_APPLIED) } : {};
  return { ...withStringData(live, inputs), metadata: { ...metadata, ...kept }, [FIELD_MANAGER]: manager };
}

/** Fields that the server sets on creation. The value in a dry run is not the final one. */
const SET_BY_SERVER: readonly (readonly string[])[] = [
  ["metadata", "uid"],
  ["metadata", "resourceVersion"],
  ["metadata", "creationTimestamp"],
  ["metadata", "generation"],
  ["spec", "clusterIP"],
  ["spec", "clusterIPs"],
  ["spec", "healthCheckNodePort"],
  ["spec", "volumeName"],
];

/** Outputs for a preview: the object of the dry run. The fields that the server sets on creation are unknown. */
export function plannedOutputs(inputs: JsonObject, dryRun: JsonObject | undefined, manager: string): JsonObject {
  const base = outputsOf(dryRun ?? inputs, inputs, manager);
  const unknownPaths = SET_BY_SERVER.filter(
    (path) =>
      at(inputs, ...path) === undefined &&
      (dryRun === undefined || at(base, ...path) !== undefined || path[0] === "metadata"),
  );
  const result = unknownPaths.filter((path) => path[0] === "metadata" || isObject(base.spec)).reduce(withUnknown, base);
  return { ...result, status: unknown };
}

function withUnknown(object: JsonObject, path: readonly string[]): JsonObject {
  const [head = "", ...rest] = path;
  const inner: Json | undefined = object[head];
  return { ...object, [head]: rest.length === 0 ? unknown : withUnknown(isObject(inner) ? inner : {}, rest) };
}
