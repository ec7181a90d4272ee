import { ApiError } from "../api/errors.ts";
import { at, isList, isObject, objectAt, type Json, type JsonObject } from "../manifest/json.ts";
import { parsePath, type Path } from "../../server/paths.ts";

/** The server's reasons to refuse a list with an extra item: a name occurs twice, or a name is missing. */
const COLLISIONS = new Set(["FieldValueDuplicate", "FieldValueRequired"]);

/**
 * The lists of the inputs that the server refused after it merged them; empty when it refused anything else too.
 *
 * Server-side apply identifies the items of a list by a key, such as a port's number. When a key is changed by hand,
 * the item has no owner. The apply keeps it and adds the item of the inputs.
 */
export function collidingLists(error: unknown, inputs: JsonObject): readonly Path[] {
  if (!(error instanceof ApiError) || error.code !== 422) {
    return [];
  }
  const lists = error.causes.map((cause) => (COLLISIONS.has(cause.reason) ? listOf(parsePath(cause.field)) : []));
  return lists.every((list) => containsPath(inputs, list)) ? lists : [];
}

/** The list that contains a field: `spec.ports` for `spec.ports[1].name`; empty when the field is in no list. */
function listOf(field: Path): Path {
  const item = field.findLastIndex((step) => typeof step === "number");
  return field.slice(0, Math.max(0, item));
}

function containsPath(value: Json | undefined, path: Path): boolean {
  const [step, ...rest] = path;
  if (isList(value)) {
    return step === undefined || value.some((item) => containsPath(item, rest));
  }
  return step !== undefined && isObject(value) && containsPath(value[step], rest);
}

/**
 * A merge patch that restores these lists of the live object to the inputs. A merge patch replaces a list as a whole,
 * so for an inner list it contains the live outer list, including what other programs added to it.
 */
export function patchOf(live: JsonObject, inputs: JsonObject, lists: readonly Path[]): JsonObject {
  const whole = lists.reduce<Json>((value, list) => withInputs(value, inputs, list), live);
  return picked(objectAt(whole), lists.map(outermost));
}

/** The live value with the list at the path from the inputs. The items of an outer list are matched by their names. */
function withInputs(live: Json | undefined, inputs: Json | undefined, path: Path): Json {
  const [step, ...rest] = path;
  if (step === undefined || live === undefined) {
    return inputs ?? null;
  }
  if (isList(live)) {
    return live.map((item) => {
      const input = isList(inputs) ? inputs.find((other) => sameName(item, other)) : undefined;
      return input === undefined ? item : withInputs(item, input, rest);
    });
  }
  return { ...objectAt(live), [step]: withInputs(at(live, step), at(inputs, step), rest) };
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

/** Only the members at these paths. The paths contain names only, no indexes. */
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
