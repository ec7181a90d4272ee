import type { ResourceContext } from "../../server/plugin.ts";
import { nameText } from "../api/errors.ts";
import { containsUnknown, type JsonObject } from "../manifest/json.ts";
import type { Target } from "../provider/target.ts";
import { addressOf, idOf } from "./address.ts";
import { bodyOf } from "./body.ts";
import { collidingLists } from "./lists.ts";
import { putBack } from "./put-back.ts";
import { explained, fieldConflicts, immutableFields } from "./refusal.ts";
import { alreadyExists, isOurs, isPremature, mentions } from "./write.ts";

/**
 * Asks the server what it would make of the inputs, without making it; its refusals end the preview.
 *
 * Undefined when it cannot be asked yet: the cluster, the kind, the namespace or a value is still to come.
 * @param owned inputs of the last apply; undefined for an object that is still to be made
 * @throws OperatorError naming what the server refuses
 */
export async function plannedObject(
  context: ResourceContext,
  inputs: JsonObject,
  owned: JsonObject | undefined,
  fieldManager: string,
  target: Target,
): Promise<JsonObject | undefined> {
  if (!target.isKnown || containsUnknown(inputs)) {
    return undefined;
  }
  const { api } = await target.cluster();
  const object = addressOf(inputs);
  const resource = await api.discovery.find(object);
  if (resource === undefined) {
    await context.log(
      "debug",
      `${nameText(object)}: its kind is not installed yet, so it is not checked by the server`,
    );
    return undefined;
  }
  const existing = owned === undefined ? await api.get(object) : undefined;
  const mine =
    existing !== undefined &&
    (isOurs(existing, fieldManager) || target.replacing.has(`${context.urn} ${idOf(object)}`));
  if (existing !== undefined && !mine && !target.settings.upsertExistingObjects) {
    throw alreadyExists(object);
  }
  const options = { fieldManager, dryRun: true, signal: context.cancelled };
  try {
    return (await api.apply(object, resource, bodyOf(inputs), { ...options, force: mine })).object;
  } catch (error) {
    const lists = owned === undefined ? [] : collidingLists(error, bodyOf(inputs));
    const whole = lists.length > 0 ? await putBack(api, object, resource, bodyOf(inputs), lists, options) : undefined;
    if (whole !== undefined) {
      return whole;
    }
    const conflicts = fieldConflicts(error);
    const takenBack =
      owned !== undefined && conflicts.length > 0 && conflicts.every(({ field }) => mentions(owned, field));
    // An object of ours that is still there is about to be replaced: the server compares with the old one.
    if (takenBack || isPremature(error) || (mine && immutableFields(error).length > 0)) {
      return undefined;
    }
    throw explained(error, object, "preview");
  }
}
