import { InitializationError, type ResourceContext } from "../../server/plugin.ts";
import type { KubernetesApi } from "../api/client.ts";
import { nameText, type ObjectName } from "../api/errors.ts";
import { waitUntilReady } from "../await/wait.ts";
import { at, containsUnknown, type JsonObject } from "../manifest/json.ts";
import type { Target } from "../provider/target.ts";
import { addressOf, idOf } from "./address.ts";
import { managerOf, outputsOf, plannedOutputs } from "./outputs.ts";
import { plannedObject } from "./plan.ts";
import { waitUntilGone } from "./remove.ts";
import { alreadyExists, isOurs, Writer, type Write } from "./write.ts";

/** Time limit for a CustomResourceDefinition that another resource of the same run installs. */
const KIND_SECONDS = 60;

export function createObject(
  context: ResourceContext,
  inputs: JsonObject,
  target: Target,
): Promise<{ id: string; outputs: JsonObject }> {
  return writeObject(context, undefined, managerOf(context.urn, {}), inputs, target);
}

export function updateObject(
  context: ResourceContext,
  oldInputs: JsonObject,
  oldOutputs: JsonObject,
  inputs: JsonObject,
  target: Target,
): Promise<{ id: string; outputs: JsonObject }> {
  return writeObject(context, oldInputs, managerOf(context.urn, oldOutputs), inputs, target);
}

/**
 * Applies an object and waits until it is ready; a preview only asks the server for the result.
 *
 * @param oldInputs - inputs of the last apply; undefined to create the object
 */
async function writeObject(
  context: ResourceContext,
  oldInputs: JsonObject | undefined,
  fieldManager: string,
  inputs: JsonObject,
  target: Target,
): Promise<{ id: string; outputs: JsonObject }> {
  if (context.preview) {
    const dryRun = await plannedObject(context, inputs, oldInputs, fieldManager, target);
    return { id: knownId(inputs), outputs: plannedOutputs(inputs, dryRun, fieldManager) };
  }
  const { api } = await target.cluster();
  const resource = await api.discovery.require(addressOf(inputs), KIND_SECONDS, context.cancelled);
  const namespace = resource.namespaced ? await target.defaultNamespace() : undefined;
  const object = withDefaultNamespace(addressOf(inputs), namespace);
  const existing =
    oldInputs ?? ((await isAlreadyCreated(context, api, object, fieldManager, target)) ? inputs : undefined);
  const write = { object, resource, inputs, fieldManager, owned: existing };
  return { id: idOf(object), outputs: await appliedOutputs(context, api, write, target) };
}

/** @throws InitializationError when the object does not become ready */
async function appliedOutputs(
  context: ResourceContext,
  api: KubernetesApi,
  write: Write,
  target: Target,
): Promise<JsonObject> {
  const { object, inputs, fieldManager } = write;
  const applied = await new Writer(api, target.settings, context).apply(write);
  const { live, reasons } = await waitUntilReady(context, api, object, inputs, applied);
  const outputs = outputsOf(live, inputs, fieldManager);
  if (reasons.length > 0) {
    throw new InitializationError(`${nameText(object)} did not become ready: ${reasons[0] ?? ""}`, {
      id: idOf(object),
      inputs,
      outputs,
      reasons: reasons.map((reason) => `${nameText(object)}: ${reason}`),
    });
  }
  return outputs;
}

/**
 * The check could not add a namespace while the kind was not installed. This adds it, or removes it when the kind has
 * none.
 */
function withDefaultNamespace(object: ObjectName, namespace: string | undefined): ObjectName {
  return { ...object, namespace: namespace === undefined ? undefined : (object.namespace ?? namespace) };
}

function knownId(inputs: JsonObject): string {
  return containsUnknown(at(inputs, "metadata", "name")) || containsUnknown(at(inputs, "metadata", "namespace"))
    ? ""
    : idOf(addressOf(inputs));
}

/**
 * Whether the object already exists and this resource can manage it: an earlier, killed run created it, or the
 * provider's setting upsertExistingObjects allows it.
 *
 * @throws OperatorError when the object exists and this resource does not manage it
 */
async function isAlreadyCreated(
  context: ResourceContext,
  api: KubernetesApi,
  object: ObjectName,
  fieldManager: string,
  target: Target,
): Promise<boolean> {
  const existing = await api.get(object);
  if (existing === undefined) {
    return false;
  }
  if (at(existing, "metadata", "deletionTimestamp") !== undefined) {
    await waitUntilGone(context, api, object, existing, {});
    return false;
  }
  if (isOurs(existing, fieldManager)) {
    await context.log("info", `${nameText(object)} was created by an earlier run that was interrupted; resuming`);
    return true;
  }
  if (!target.settings.upsertExistingObjects) {
    throw alreadyExists(object);
  }
  return true;
}
