import { changesBetween } from "./changes.ts";
import { pathText } from "./paths.ts";
import type { DiffResult } from "./plugin.ts";
import type { Properties } from "./values.ts";

/**
 * Compares old inputs with new ones.
 *
 * @param replaceOn - top-level properties that cannot be changed in place
 */
export function differences(
  olds: Properties,
  news: Properties,
  replaceOn: readonly string[] = [],
): DiffResult & Required<Pick<DiffResult, "detailed">> {
  const changes = changesBetween(olds, news);
  const diffs = [...new Set(changes.map(({ path }) => String(path[0])))];
  const detailed = changes.map(({ path, kind }) => {
    const replaces = replaceOn.includes(String(path[0]));
    return [pathText(path), { kind: replaces ? (`${kind}-replace` as const) : kind, inputDiff: true }] as const;
  });
  return {
    changes: changes.length > 0,
    diffs,
    replaces: diffs.filter((name) => replaceOn.includes(name)),
    detailed: Object.fromEntries(detailed),
  };
}
