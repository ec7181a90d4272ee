import { unknown } from "../../server/values.ts";
import { at, isObject, objectAt, textAt, without, type Json, type JsonObject } from "../manifest/json.ts";
import { fieldManager } from "../manifest/naming.ts";
import { withStringData } from "./body.ts";

/** Written into the state by the vendor's plugin too: keeps the ownership of fields when a resource's name changes. */
const FIELD_MANAGER = "__fieldManager";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The field manager that applied the object so far, else the one that belongs to the resource. */
export function managerOf(urn: string, outputs: JsonObject): string {
  return textAt(outputs, FIELD_MANAGER) ?? fieldManager(urn);
}

/** Outputs of an object that exists: as it is in the cluster, without the bookkeeping that changes by itself. */
export function outputsOf(live: JsonObject, inputs: JsonObject, manager: string): JsonObject {
  const metadata = without(objectAt(live, "metadata"), "managedFields");
  const annotations = at(metadata, "annotations");
  const kept: JsonObject = isObject(annotations) ? { annotations: without(annotations, LAST_APPLIED) } : {};
  return { ...withStringData(live, inputs), metadata: { ...metadata, ...kept }, [FIELD_MANAGER]: manager };
}

/** Set by the server when the object is made, so a dry run's value is not the one that will be. */
const DECIDED_LATER: readonly (readonly string[])[] = [
  ["metadata", "uid"],
  ["metadata", "resourceVersion"],
  ["metadata", "creationTimestamp"],
  ["metadata", "generation"],
  ["spec", "clusterIP"],
  ["spec", "clusterIPs"],
  ["spec", "healthCheckNodePort"],
  ["spec", "volumeName"],
];

/** Outputs of an object that an update would make: the dry run's object, with what is decided later as unknown. */
export function plannedOutputs(inputs: JsonObject, dryRun: JsonObject | undefined, manager: string): JsonObject {
  const base = outputsOf(dryRun ?? inputs, inputs, manager);
  const unsettled = DECIDED_LATER.filter(
    (path) =>
      at(inputs, ...path) === undefined &&
      (dryRun === undefined || at(base, ...path) !== undefined || path[0] === "metadata"),
  );
  const settled = unsettled.filter((path) => path[0] === "metadata" || isObject(base.spec)).reduce(withUnknown, base);
  return { ...settled, status: unknown };
}

function withUnknown(object: JsonObject, path: readonly string[]): JsonObject {
  const [head = "", ...rest] = path;
  const inner: Json | undefined = object[head];
  return { ...object, [head]: rest.length === 0 ? unknown : withUnknown(isObject(inner) ? inner : {}, rest) };
}
