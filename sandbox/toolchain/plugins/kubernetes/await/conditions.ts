import { at, listAt, textAt, type Json, type JsonObject } from "../manifest/json.ts";

export function condition(object: JsonObject, type: string): Json | undefined {
  return listAt(object, "status", "conditions").find((candidate) => at(candidate, "type") === type);
}

export function conditionIs(object: JsonObject, type: string, status: "True" | "False"): boolean {
  return textAt(condition(object, type), "status") === status;
}

/** `Reason: message` of a condition; empty when there is none. */
export function conditionText(object: JsonObject, type: string): string {
  const found = condition(object, type);
  return [textAt(found, "reason"), textAt(found, "message")]
    .filter((part) => part !== undefined && part !== "")
    .join(": ");
}

/** A selector such as `app=web,tier=front`; undefined without labels. */
export function labelSelector(labels: JsonObject): string | undefined {
  const pairs = Object.entries(labels).flatMap(([key, value]) =>
    typeof value === "string" ? [`${key}=${value}`] : [],
  );
  return pairs.length === 0 ? undefined : pairs.join(",");
}

/** Whether the controller has observed the latest version of the object. */
export function isObserved(object: JsonObject): boolean {
  const generation = at(object, "metadata", "generation");
  const observed = at(object, "status", "observedGeneration");
  return typeof generation !== "number" || (typeof observed === "number" && observed >= generation);
}
