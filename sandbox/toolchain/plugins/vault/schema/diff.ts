import type { DiffKind, DiffResult } from "../../server/plugin.ts";
import { containsUnknown, isObject, sameValue, type Properties } from "../../server/values.ts";
import { isZero, sameMeaning } from "./mapping.ts";
import { filledIfKnown } from "./path.ts";
import type { Property } from "./property.ts";
import type { Row } from "./row.ts";

/** The inputs of the program, its previous inputs, and the object on the server. */
export interface Versions {
  readonly wanted: Properties;
  readonly wantedBefore: Properties;
  readonly found: Properties;
}

function unreadPartChanged(property: Property, name: string, { wanted, wantedBefore }: Versions): boolean {
  const now = wanted[name];
  const before = wantedBefore[name];
  return Object.entries(property.properties ?? {}).some(
    ([inner, each]) =>
      each.unread === true &&
      !sameMeaning(each, isObject(now) ? now[inner] : undefined, isObject(before) ? before[inner] : undefined),
  );
}

function hasChanged(property: Property, name: string, versions: Versions): boolean {
  const { wanted, wantedBefore, found } = versions;
  if (property.output === true || property.writtenWith !== undefined) {
    return false;
  }
  if (containsUnknown(wanted[name])) {
    return true;
  }
  if (property.unread === true) {
    return !sameMeaning(property, wanted[name], wantedBefore[name]);
  }
  if (wanted[name] === undefined && property.computed === true) {
    return false;
  }
  return !sameMeaning(property, wanted[name], found[name]) || unreadPartChanged(property, name, versions);
}

function kindOf(property: Property, name: string, versions: Versions, replaces: boolean): DiffKind {
  const kind = isZero(property, versions.found[name] ?? versions.wantedBefore[name])
    ? "add"
    : versions.wanted[name] === undefined
      ? "delete"
      : "update";
  return replaces ? `${kind}-replace` : kind;
}

/** Whether the old and the new object cannot exist at the same time. */
function conflictsWithOld(row: Row, { wanted, found }: Versions): boolean {
  if (row.unique !== undefined) {
    return row.unique.some((name) => wanted[name] !== undefined && sameValue(wanted[name], found[name]));
  }
  const path = filledIfKnown(row.path, wanted);
  return path !== undefined && path === filledIfKnown(row.path, found);
}

/**
 * The changes that bring the server to the state that the program wants.
 *
 * The inputs are compared with the server's state, not with the previous inputs, so a change by hand that a refresh
 * found is reverted. Values that the API never returns are compared with the previous inputs.
 */
export function difference(row: Row, versions: Versions, ignored: readonly string[]): DiffResult {
  const detailed: Record<string, { kind: DiffKind; inputDiff: boolean }> = {};
  const replaces: string[] = [];
  for (const [name, property] of Object.entries(row.properties)) {
    const isIgnored = ignored.some(
      (path) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`),
    );
    if (isIgnored || !hasChanged(property, name, versions)) {
      continue;
    }
    const { wanted, wantedBefore, found } = versions;
    const needsReplacement = property.replaces === true || (row.replacedBy?.(name, wanted, found) ?? false);
    const inputDiff = !sameValue(wanted[name] ?? null, wantedBefore[name] ?? null);
    detailed[name] = { kind: kindOf(property, name, versions, needsReplacement), inputDiff };
    if (needsReplacement) {
      replaces.push(name);
    }
  }
  const diffs = Object.keys(detailed);
  const deleteBeforeReplace = replaces.length > 0 && conflictsWithOld(row, versions);
  return { changes: diffs.length > 0, replaces, diffs, deleteBeforeReplace, detailed };
}
