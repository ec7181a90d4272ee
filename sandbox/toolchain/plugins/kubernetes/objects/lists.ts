import { ApiError } from "../api/errors.ts";
import { at, isList, isObject, objectAt, type Json, type JsonObject } from "../manifest/json.ts";
import { parsePath, type Path } from "../../server/paths.ts";

/** What the server finds in a list that has one item too many: a name twice, or two without one. */
const COLLISIONS = new Set(["FieldValueDuplicate", "FieldValueRequired"]);

/**
 * The lists of ours in which the server refused what came of merging; empty when it refused anything else besides.
 *
 * Server-side apply tells the items of a list apart by a key, such as a port's number. An item whose key was changed by
 * hand is nobody's to it: it stays, and ours comes beside it.
 */
export function collidingLists(error: unknown, inputs: JsonObject): readonly Path[] {
  if (!(error instanceof ApiError) || error.code !== 422) {
    return [];
  }
  const lists = error.causes.map((cause) => (COLLISIONS.has(cause.reason) ? listOf(parsePath(cause.field)) : []));
  return lists.every((list) => holds(inputs, list)) ? lists : [];
}

/** `spec.ports[1].name` → `spec.ports`, the list that the item is in; empty when the field is in no list. */
function listOf(field: Path): Path {
  const item = field.findLastIndex((step) => typeof step === "number");
  return field.slice(0, Math.max(0, item));
}

function holds(value: Json | undefined, path: Path): boolean {
  const [step, ...rest] = path;
  if (isList(value)) {
    return step === undefined || value.some((item) => holds(item, rest));
  }
  return step !== undefined && isObject(value) && holds(value[step], rest);
}

/**
 * A merge patch that makes these lists of the live object the program's own. A merge patch replaces a list as a whole, so
 * around an inner list it holds the outer one as it is, with everything that others put there.
 */
export function patchOf(live: JsonObject, inputs: JsonObject, lists: readonly Path[]): JsonObject {
  const whole = lists.reduce<Json>((value, list) => withOurs(value, inputs, list), live);
  return picked(objectAt(whole), lists.map(outermost));
}

/** The value with the list at the path taken from ours; the items of an outer list are paired by their names. */
function withOurs(live: Json | undefined, ours: Json | undefined, path: Path): Json {
  const [step, ...rest] = path;
  if (step === undefined || live === undefined) {
    return ours ?? null;
  }
  if (isList(live)) {
    return live.map((item) => {
      const mine = isList(ours) ? ours.find((other) => sameName(item, other)) : undefined;
      return mine === undefined ? item : withOurs(item, mine, rest);
    });
  }
  return { ...objectAt(live), [step]: withOurs(at(live, step), at(ours, step), rest) };
}

function sameName(one: Json, other: Json): boolean {
  const name = at(one, "name");
  return name !== undefined && name === at(other, "name");
}

/** The part of a path that leads to its first list. */
function outermost(path: Path): Path {
  const first = path.findIndex((step) => typeof step === "number");
  return first === -1 ? path : path.slice(0, first);
}

/** Only what lies at the paths, which lead through objects. */
function picked(value: JsonObject, paths: readonly Path[]): JsonObject {
  const steps = [...new Set(paths.map(([step = ""]) => String(step)))];
  return Object.fromEntries(
    steps.map((step) => {
      const below = paths.filter(([first]) => first === step).map((path) => path.slice(1));
      const isWhole = below.some((path) => path.length === 0);
      return [step, isWhole ? (value[step] ?? null) : picked(objectAt(value, step), below)];
    }),
  );
}
