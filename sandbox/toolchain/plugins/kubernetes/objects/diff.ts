import type { DiffKind, DiffResult, ResourceContext } from "../../server/plugin.ts";
import { isSet, REPLACE_UNREADY } from "../manifest/annotations.ts";
import type { ObjectName } from "../api/errors.ts";
import {
  at,
  containsUnknown,
  listAt,
  objectAt,
  textAt,
  withoutNullMembers,
  type JsonObject,
} from "../manifest/json.ts";
import { isAutonamed } from "../manifest/naming.ts";
import { isWithin, parsePath, pathText, type Path } from "../../server/paths.ts";
import type { Target } from "../provider/target.ts";
import { addressOfId } from "./address.ts";
import { bodyOf } from "./body.ts";
import { changesBetween, type Change } from "../../server/changes.ts";
import { replacingPaths, touches } from "./immutability.ts";
import { managerOf } from "./outputs.ts";
import { immutableFields } from "./refusal.ts";

/**
 * Compares inputs. Equal inputs need no request. A change requires a replacement when the field is known to be
 * immutable, or when the server refuses the change in a dry run because the field is immutable.
 */
export async function diffObject(
  context: ResourceContext,
  id: string,
  oldInputs: JsonObject,
  oldOutputs: JsonObject,
  newInputs: JsonObject,
  target: Target,
): Promise<DiffResult> {
  const before = withoutNullMembers(withStateNamespace(oldInputs, oldOutputs));
  const after = withoutNullMembers(withStateNamespace(newInputs, oldOutputs));
  const changes = changesBetween(before, after);
  if (changes.length === 0) {
    if (mustRerun(after, oldOutputs)) {
      target.replacing.add(`${context.urn} ${id}`);
      return rerun(after);
    }
    return { changes: false, replaces: [], diffs: [] };
  }
  const object = addressOfId(context.type, id, before);
  const known = replacingPaths(object, before, changes, target.settings);
  const replacing = known.length > 0 ? known : await refusedPaths(context, object, oldOutputs, after, changes, target);
  const deleteBeforeReplace = replacing.length > 0 && !isAutonamed(after) && sameAddress(before, after);
  if (deleteBeforeReplace) {
    target.replacing.add(`${context.urn} ${id}`);
  }
  return {
    changes: true,
    replaces: topLevel(replacing),
    diffs: topLevel(changes.map((change) => change.path)),
    deleteBeforeReplace,
    detailed: detailed(changes, replacing),
  };
}

/** Inputs that were checked before their kind was installed have no namespace. The outputs have it. */
function withStateNamespace(inputs: JsonObject, outputs: JsonObject): JsonObject {
  const namespace = textAt(outputs, "metadata", "namespace");
  const metadata = at(inputs, "metadata");
  if (namespace === undefined || at(inputs, "metadata", "namespace") !== undefined || containsUnknown(metadata)) {
    return inputs;
  }
  return { ...inputs, metadata: { ...objectAt(inputs, "metadata"), namespace } };
}

/** Whether a failed Job must be created again because of the annotation `pulumi.com/replaceUnready`. */
function mustRerun(inputs: JsonObject, outputs: JsonObject): boolean {
  const failed = listAt(outputs, "status", "conditions").some(
    (condition) => at(condition, "type") === "Failed" && at(condition, "status") === "True",
  );
  return inputs.kind === "Job" && isSet(inputs, REPLACE_UNREADY) && failed;
}

function rerun(inputs: JsonObject): DiffResult {
  return {
    changes: true,
    replaces: ["status"],
    diffs: ["status"],
    deleteBeforeReplace: !isAutonamed(inputs),
    detailed: { status: { kind: "update-replace", inputDiff: false } },
  };
}

/** The changed paths that the server refuses in a dry run because they are immutable. */
async function refusedPaths(
  context: ResourceContext,
  object: ObjectName,
  oldOutputs: JsonObject,
  after: JsonObject,
  changes: readonly Change[],
  target: Target,
): Promise<Path[]> {
  if (!target.isKnown || containsUnknown(after)) {
    return [];
  }
  const { api } = await target.cluster();
  const resource = await api.discovery.find(object);
  if (resource === undefined) {
    return [];
  }
  const options = { fieldManager: managerOf(context.urn, oldOutputs), force: true, dryRun: true };
  try {
    await api.apply(object, resource, bodyOf(after), { ...options, signal: context.cancelled });
    return [];
  } catch (error) {
    // The preview of the update reports any other refusal.
    const fields = immutableFields(error).map(parsePath);
    const touched = changes.map((change) => change.path).filter((path) => fields.some((field) => touches(path, field)));
    return touched.length > 0 ? touched : fields.length > 0 ? changes.map((change) => change.path) : [];
  }
}

function sameAddress(before: JsonObject, after: JsonObject): boolean {
  return (["name", "namespace"] as const).every(
    (property) => at(before, "metadata", property) === at(after, "metadata", property),
  );
}

function topLevel(paths: readonly Path[]): string[] {
  return [...new Set(paths.map((path) => String(path[0])))];
}

function detailed(changes: readonly Change[], replacing: readonly Path[]): NonNullable<DiffResult["detailed"]> {
  const kinds: Record<Change["kind"], DiffKind> = {
    add: "add-replace",
    delete: "delete-replace",
    update: "update-replace",
  };
  return Object.fromEntries(
    changes.map(({ path, kind }) => {
      const replaces = replacing.some((other) => isWithin(path, other) && isWithin(other, path));
      return [pathText(path), { kind: replaces ? kinds[kind] : kind, inputDiff: true }];
    }),
  );
}
