import type { ResourceContext } from "../../server/plugin.ts";
import { nameText } from "../api/errors.ts";
import { containsUnknown, type JsonObject } from "../manifest/json.ts";
import type { Target } from "../provider/target.ts";
import { addressOf, idOf } from "./address.ts";
import { bodyOf } from "./body.ts";
import { collidingLists } from "./lists.ts";
import { restoreLists } from "./restore-lists.ts";
import { explained, fieldConflicts, immutableFields } from "./refusal.ts";
import { alreadyExists, isOurs, isPremature, includesField } from "./write.ts";

/**
 * The result of a dry run with these inputs. When the server refuses them, the preview fails.
 *
 * @param owned - inputs of the last apply; undefined for an object that does not exist yet
 * @returns undefined when the dry run is not possible yet: the cluster, the kind, the namespace or a value does not
 * exist
 * @throws OperatorError that names what the server refuses
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
    await context.log("debug", `${nameText(object)}: its kind is not installed yet, so the server does not check it`);
    return undefined;
  }
  const existing = owned === undefined ? await api.get(object) : undefined;
  const isOwn =
    existing !== undefined &&
    (isOurs(existing, fieldManager) || target.replacing.has(`${context.urn} ${idOf(object)}`));
  if (existing !== undefined && !isOwn && !target.settings.upsertExistingObjects) {
    throw alreadyExists(object);
  }
  const options = { fieldManager, dryRun: true, signal: context.cancelled };
  try {
    return (await api.apply(object, resource, bodyOf(inputs), { ...options, force: isOwn })).object;
  } catch (error) {
    const lists = owned === undefined ? [] : collidingLists(error, bodyOf(inputs));
    const restored =
      lists.length > 0 ? await restoreLists(api, object, resource, bodyOf(inputs), lists, options) : undefined;
    if (restored !== undefined) {
      return restored;
    }
    const conflicts = fieldConflicts(error);
    const willOverwrite =
      owned !== undefined && conflicts.length > 0 && conflicts.every(({ field }) => includesField(owned, field));
    // In a replacement the old object still exists, so the server can refuse its immutable fields.
    if (willOverwrite || isPremature(error) || (isOwn && immutableFields(error).length > 0)) {
      return undefined;
    }
    throw explained(error, object, "preview");
  }
}
