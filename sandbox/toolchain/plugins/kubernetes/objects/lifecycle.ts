import { InitializationError, type ResourceContext } from "../../server/plugin.ts";
import type { KubernetesApi } from "../api/client.ts";
import type { ResourcePath } from "../api/discovery.ts";
import { nameText, type ObjectName } from "../api/errors.ts";
import { at, containsUnknown, type JsonObject } from "../manifest/json.ts";
import { waitUntilReady } from "../await/wait.ts";
import type { Target } from "../provider/target.ts";
import { addressOf, idOf } from "./address.ts";
import { managerOf, outputsOf, plannedOutputs } from "./outputs.ts";
import { waitUntilGone } from "./remove.ts";
import { alreadyExists, isOurs, Writer } from "./write.ts";
import { plannedObject } from "./plan.ts";

/** A CustomResourceDefinition that another resource of the same run installs may need this long to be served. */
const KIND_SECONDS = 60;

/** Where an object goes, and by whom it is asked for. */
interface Place {
  readonly api: KubernetesApi;
  readonly resource: ResourcePath;
  readonly object: ObjectName;
  readonly manager: string;
}

export async function createObject(
  context: ResourceContext,
  inputs: JsonObject,
  target: Target,
): Promise<{ id: string; outputs: JsonObject }> {
  const manager = managerOf(context.urn, {});
  if (context.preview) {
    const dryRun = await plannedObject(context, inputs, undefined, manager, target);
    return { id: knownId(inputs), outputs: plannedOutputs(inputs, dryRun, manager) };
  }
  const place = await placeOf(context, inputs, manager, target);
  const owned = (await mayCreate(context, place, target)) ? inputs : undefined;
  return { id: idOf(place.object), outputs: await applied(context, place, inputs, owned, target) };
}

export async function updateObject(
  context: ResourceContext,
  oldInputs: JsonObject,
  oldOutputs: JsonObject,
  inputs: JsonObject,
  target: Target,
): Promise<{ outputs: JsonObject }> {
  const manager = managerOf(context.urn, oldOutputs);
  if (context.preview) {
    const dryRun = await plannedObject(context, inputs, oldInputs, manager, target);
    return { outputs: plannedOutputs(inputs, dryRun, manager) };
  }
  const place = await placeOf(context, inputs, manager, target);
  return { outputs: await applied(context, place, inputs, oldInputs, target) };
}

async function placeOf(context: ResourceContext, inputs: JsonObject, manager: string, target: Target): Promise<Place> {
  const { api } = await target.cluster();
  const resource = await api.discovery.require(addressOf(inputs), KIND_SECONDS, context.cancelled);
  const object = placed(addressOf(inputs), resource.namespaced ? await target.defaultNamespace() : undefined);
  return { api, resource, object, manager };
}

/**
 * Applies the inputs, waits until the object is ready and gives its outputs.
 *
 * @param owned - inputs of the last apply; undefined for an object that nobody has made yet
 * @throws InitializationError when it does not get ready
 */
async function applied(
  context: ResourceContext,
  { api, resource, object, manager }: Place,
  inputs: JsonObject,
  owned: JsonObject | undefined,
  target: Target,
): Promise<JsonObject> {
  const writer = new Writer(api, target.settings, context);
  const made = await writer.apply({ object, resource, inputs, fieldManager: manager, owned });
  const { live, reasons } = await waitUntilReady(context, api, object, inputs, made);
  const outputs = outputsOf(live, inputs, manager);
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

/** An object whose kind was unknown when it was checked gets its namespace now; one in no namespace loses it. */
function placed(object: ObjectName, namespace: string | undefined): ObjectName {
  return { ...object, namespace: namespace === undefined ? undefined : (object.namespace ?? namespace) };
}

function knownId(inputs: JsonObject): string {
  return containsUnknown(at(inputs, "metadata", "name")) || containsUnknown(at(inputs, "metadata", "namespace"))
    ? ""
    : idOf(addressOf(inputs));
}

/**
 * Refuses to overwrite what somebody else made. True when the object is already there and is this resource's own: a
 * run that was killed made it.
 */
async function mayCreate(context: ResourceContext, { api, object, manager }: Place, target: Target): Promise<boolean> {
  const existing = await api.get(object);
  if (existing === undefined) {
    return false;
  }
  if (at(existing, "metadata", "deletionTimestamp") !== undefined) {
    await waitUntilGone(context, api, object, existing, {});
    return false;
  }
  if (isOurs(existing, manager)) {
    await context.log("info", `${nameText(object)} was made by an earlier run that did not end; going on with it`);
    return true;
  }
  if (!target.settings.upsertExistingObjects) {
    throw alreadyExists(object);
  }
  return true;
}
