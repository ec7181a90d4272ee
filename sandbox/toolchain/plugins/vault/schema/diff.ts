import type { DiffResult } from "../../server/plugin.ts";
import { containsUnknown, isObject, sameValue, type Properties } from "../../server/values.ts";
import { isZero, sameMeaning } from "./mapping.ts";
import { filledIfKnown } from "./path.ts";
import type { Property } from "./property.ts";
import type { Row } from "./row.ts";

type Kind = NonNullable<DiffResult["detailed"]>[string]["kind"];

/** What a program wants of one property, what it wanted before, and what the server has. */
interface Sides {
  readonly wanted: Properties;
  readonly wantedBefore: Properties;
  readonly found: Properties;
}

function unreadPartChanged(property: Property, name: string, { wanted, wantedBefore }: Sides): boolean {
  const now = wanted[name];
  const before = wantedBefore[name];
  return Object.entries(property.properties ?? {}).some(
    ([inner, each]) =>
      each.unread === true &&
      !sameMeaning(each, isObject(now) ? now[inner] : undefined, isObject(before) ? before[inner] : undefined),
  );
}

function hasChanged(property: Property, name: string, sides: Sides): boolean {
  const { wanted, wantedBefore, found } = sides;
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
  return !sameMeaning(property, wanted[name], found[name]) || unreadPartChanged(property, name, sides);
}

function kindOf(property: Property, name: string, sides: Sides, replaces: boolean): Kind {
  const verb = isZero(property, sides.found[name] ?? sides.wantedBefore[name])
    ? "add"
    : sides.wanted[name] === undefined
      ? "delete"
      : "update";
  return replaces ? `${verb}-replace` : verb;
}

/** Would the new object take the old one's place, so that the two cannot be there together? */
function sharesPlace(row: Row, { wanted, found }: Sides): boolean {
  const place = filledIfKnown(row.path, wanted);
  const samePlace = row.unique === undefined && place !== undefined && place === filledIfKnown(row.path, found);
  return (
    samePlace || (row.unique ?? []).some((name) => wanted[name] !== undefined && sameValue(wanted[name], found[name]))
  );
}

/**
 * What to do so that the server has what the program wants.
 *
 * The program is held against what the server has, not against what the program said before: a change made by hand and
 * found by a refresh is undone. What the API never returns is held against the earlier program.
 */
export function difference(row: Row, sides: Sides, ignored: readonly string[]): DiffResult {
  const detailed: Record<string, { kind: Kind; inputDiff: boolean }> = {};
  const replaces: string[] = [];
  for (const [name, property] of Object.entries(row.properties)) {
    const isIgnored = ignored.some(
      (path) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`),
    );
    if (isIgnored || !hasChanged(property, name, sides)) {
      continue;
    }
    const replacesIt = property.replaces === true || (row.replacedBy?.(name, sides.wanted, sides.found) ?? false);
    const inputDiff = !sameValue(sides.wanted[name] ?? null, sides.wantedBefore[name] ?? null);
    detailed[name] = { kind: kindOf(property, name, sides, replacesIt), inputDiff };
    if (replacesIt) {
      replaces.push(name);
    }
  }
  const diffs = Object.keys(detailed);
  const deleteBeforeReplace = replaces.length > 0 && sharesPlace(row, sides);
  return { changes: diffs.length > 0, replaces, diffs, deleteBeforeReplace, detailed };
}
