import type { KubernetesApi, WriteOptions } from "../api/client.ts";
import type { ResourcePath } from "../api/discovery.ts";
import { ApiError, type ObjectName } from "../api/errors.ts";
import { at, listAt, textAt, type Json, type JsonObject } from "../manifest/json.ts";
import type { Path } from "../../server/paths.ts";
import { patchOf } from "./lists.ts";

/**
 * Replaces lists of the object with those of the inputs, when server-side apply cannot do it (see `collidingLists`).
 *
 * @returns the resulting object; undefined when the server refuses the lists of the inputs
 */
export async function restoreLists(
  api: KubernetesApi,
  object: ObjectName,
  resource: ResourcePath,
  inputs: JsonObject,
  lists: readonly Path[],
  options: WriteOptions,
): Promise<JsonObject | undefined> {
  const live = await api.get(object);
  if (live === undefined) {
    return undefined;
  }
  try {
    return await api.merge(object, resource, patchOf(live, inputs, lists), options);
  } catch (error) {
    if (error instanceof ApiError && error.code === 422) {
      return undefined;
    }
    throw error;
  }
}

/** An attempt fails when a controller writes the object's status at the same time. */
const ATTEMPTS = 10;

/**
 * Removes the entry of `restoreLists` from the object's managed fields, including the entry of an earlier, killed run.
 *
 * The server records the patch as a second owner with the same name as the owner of the apply. A field with both owners
 * would stay in the object when the program removes it.
 */
export async function removePatchOwner(
  api: KubernetesApi,
  object: ObjectName,
  resource: ResourcePath,
  applied: JsonObject,
  fieldManager: string,
): Promise<JsonObject> {
  let live = applied;
  for (let attempt = 1; ; attempt += 1) {
    const owners = listAt(live, "metadata", "managedFields");
    const kept = owners.filter((owner) => !isPatch(owner, fieldManager));
    if (kept.length === owners.length) {
      return live;
    }
    const patch = {
      metadata: { managedFields: kept, resourceVersion: textAt(live, "metadata", "resourceVersion") ?? "" },
    };
    try {
      return await api.merge(object, resource, patch, { fieldManager, dryRun: false });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 409 || attempt === ATTEMPTS) {
        throw error;
      }
      live = (await api.get(object)) ?? applied;
    }
  }
}

function isPatch(owner: Json, fieldManager: string): boolean {
  return at(owner, "manager") === fieldManager && at(owner, "operation") === "Update";
}
