import type { DiffKind, DiffResult } from "./plugin.ts";
import { isObject, sameValue, type Properties, type PropertyValue } from "./values.ts";

export interface DifferencesOptions {
  /** Top-level properties that cannot be changed in place. Default none. */
  readonly replaceOn?: readonly string[];
  /** Top-level properties that are not compared. Default none. */
  readonly ignore?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

/** Compares inputs with inputs, down to the path that differs; an unknown value always differs. */
export function differences(olds: Properties, news: Properties, options: DifferencesOptions = {}): DiffResult {
  const detailed: Record<string, { kind: DiffKind; inputDiff: boolean }> = {};
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const diffs = names.filter((name) => options.ignore?.includes(name) !== true && !sameValue(olds[name], news[name]));
  const replaces = diffs.filter((name) => options.replaceOn?.includes(name));
  for (const name of diffs) {
    for (const [path, kind] of changedPaths(pathOf("", name), olds[name], news[name])) {
      detailed[path] = { kind: replaces.includes(name) ? `${kind}-replace` : kind, inputDiff: true };
    }
  }
  const deleteBeforeReplace = options.deleteBeforeReplace;
  return { changes: diffs.length > 0, diffs, replaces, deleteBeforeReplace, detailed };
}

type Change = "add" | "delete" | "update";

function* changedPaths(
  path: string,
  old: PropertyValue | undefined,
  now: PropertyValue | undefined,
): Generator<[path: string, change: Change]> {
  if (sameValue(old, now)) {
    return;
  }
  if (isObject(old) && isObject(now)) {
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
      yield* changedPaths(pathOf(path, name), old[name], now[name]);
    }
  } else {
    yield [path, old === undefined ? "add" : now === undefined ? "delete" : "update"];
  }
}

/** A path as the engine reads it: `a.b`, and `a["b.c"]` for names that are not plain. */
export function pathOf(parent: string, name: string): string {
  if (!/^[\w$-]+$/.test(name)) {
    return `${parent}[${JSON.stringify(name)}]`;
  }
  return parent === "" ? name : `${parent}.${name}`;
}
