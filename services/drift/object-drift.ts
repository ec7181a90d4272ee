import type { Cluster } from "./cluster.ts";
import { addedDifferences, declaredDifferences, type Difference } from "./differences.ts";
import { at, type JsonObject } from "./json.ts";
import { ownersOf, type Owner } from "./owners.ts";
import type { DeclaredObject } from "./state.ts";

/** An object that is not as declared. */
export interface ObjectDrift {
  readonly object: DeclaredObject;
  /** Undefined for an object that does not exist. */
  readonly live: JsonObject | undefined;
  /** Fields that are not as declared; empty for an object that does not exist. */
  readonly changed: readonly Difference[];
  /** Fields that somebody added. */
  readonly added: readonly Difference[];
  readonly owners: readonly Owner[];
}

/** Compares an object with the live one. @returns undefined when it is as declared */
export async function driftOf(cluster: Cluster, object: DeclaredObject): Promise<ObjectDrift | undefined> {
  const live = await cluster.get(object);
  if (live === undefined) {
    return { object, live, changed: [], added: [], owners: [] };
  }
  const owners = ownersOf(live, object.managers);
  // The API server answers in the version that was asked for. A manifest can leave the namespace out.
  const changed = declaredDifferences(object.body, live);
  const added = addedDifferences(object.body, live, owners);
  return changed.length + added.length === 0 ? undefined : { object, live, changed, added, owners };
}

/** The name of an object for people: `iam/Deployment hydra`. */
export function titleOf({ namespace, kind, name }: DeclaredObject): string {
  return `${namespace === undefined ? "" : `${namespace}/`}${kind} ${name}`;
}

/** Whether somebody deletes the object: it stays until its finalizers are gone. */
export function isDeleted(live: JsonObject): boolean {
  return at(live, "metadata", "deletionTimestamp") !== undefined;
}
