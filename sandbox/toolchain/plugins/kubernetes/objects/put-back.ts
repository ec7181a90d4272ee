import type { KubernetesApi, WriteOptions } from "../api/client.ts";
import type { ResourcePath } from "../api/discovery.ts";
import { ApiError, type ObjectName } from "../api/errors.ts";
import { at, listAt, textAt, type Json, type JsonObject } from "../manifest/json.ts";
import type { Path } from "../../server/paths.ts";
import { patchOf } from "./lists.ts";

/**
 * Makes lists of the object the program's own, as a whole, where server-side apply cannot (see `collidingLists`).
 *
 * @returns the object as it then is; undefined when that does not help: the program's lists are refused themselves
 */
export async function putBack(
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

/** Controllers write the status of an object that was just changed, so a write may have to be tried again. */
const ATTEMPTS = 10;

/**
 * Takes the trace of `putBack` out of the object's books, also that of a run that was killed.
 *
 * A patch is noted as another owner beside the one that applies, of the same name; what both own would stay in the
 * object when it leaves the program.
 */
export async function disown(
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
