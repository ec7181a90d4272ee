import type { CheckFailure, CheckResult, ResourceContext } from "../../server/plugin.ts";
import { Unknown } from "../../server/values.ts";
import { annotationFaults } from "../manifest/annotations.ts";
import { builtInIsNamespaced } from "../api/scopes.ts";
import { isObject, objectAt, withoutNullMembers, type Json, type JsonObject } from "../manifest/json.ts";
import { withName } from "../manifest/naming.ts";
import type { Target } from "../provider/target.ts";
import { objectType, splitApiVersion, type ObjectType } from "../manifest/tokens.ts";

/**
 * Adds apiVersion, kind, name and namespace to the inputs of an object, and validates them. Only the API server knows
 * the schema of the kind, so the dry run of a preview validates the other properties.
 */
export async function checkObject(
  context: ResourceContext,
  olds: JsonObject,
  news: JsonObject,
  randomSeed: Uint8Array,
  target: Target,
): Promise<CheckResult> {
  const type = objectType(context.type);
  const given: JsonObject = { apiVersion: type.apiVersion, kind: type.kind, ...withoutNullMembers(news) };
  const reasons = [...typeFaults(type, given), ...memberFaults(given)];
  if (reasons.length > 0 || given.metadata instanceof Unknown) {
    return { inputs: given, failures: failures(reasons) };
  }
  const named = withName(given, olds, context.name, randomSeed);
  const completed = await withNamespace(named, type, target);
  reasons.push(...annotationFaults(completed.object), ...completed.faults);
  return { inputs: completed.object, failures: failures(reasons) };
}

/** `property` stays empty, because the engine would print its value, which can be a secret. */
function failures(reasons: readonly string[]): CheckFailure[] {
  return reasons.map((reason) => ({ property: "", reason }));
}

function typeFaults(type: ObjectType, given: JsonObject): string[] {
  return (["apiVersion", "kind"] as const).flatMap((property) =>
    given[property] === type[property]
      ? []
      : [`${property} must be "${type[property]}", as in the type; remove it or use another type.`],
  );
}

function memberFaults(given: JsonObject): string[] {
  const metadata: Json | undefined = given.metadata;
  const faults: string[] = [];
  if (metadata !== undefined && !isObject(metadata) && !(metadata instanceof Unknown)) {
    faults.push("metadata must be an object.");
  }
  if (objectAt(given, "metadata").generateName !== undefined) {
    faults.push("metadata.generateName is not supported; leave out metadata.name to get a unique name.");
  }
  if (given.status !== undefined) {
    faults.push("status is an output; remove it from the inputs.");
  }
  return faults;
}

async function withNamespace(
  object: JsonObject,
  type: ObjectType,
  target: Target,
): Promise<{ object: JsonObject; faults: string[] }> {
  const namespaced = await isNamespaced(type, target);
  const metadata = objectAt(object, "metadata");
  const given = metadata.namespace;
  if (namespaced === false && given !== undefined) {
    return { object, faults: [`metadata.namespace: a ${type.kind} has no namespace; remove it.`] };
  }
  if (namespaced !== true || (given !== undefined && given !== "")) {
    return { object, faults: [] };
  }
  return { object: { ...object, metadata: { ...metadata, namespace: await target.defaultNamespace() } }, faults: [] };
}

/** Undefined while the kind is not installed. Then `create` adds the namespace. */
async function isNamespaced(type: ObjectType, target: Target): Promise<boolean | undefined> {
  const builtIn = builtInIsNamespaced(splitApiVersion(type.apiVersion).group, type.kind);
  if (builtIn !== undefined || !target.isKnown) {
    return builtIn;
  }
  return (await target.cluster()).api.discovery.isNamespaced(type);
}
