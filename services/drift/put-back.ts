import { OperatorError } from "../../components/errors/operator-error.ts";
import { ApiRefusal, type Cluster } from "./cluster.ts";
import { resolvedPath, type Difference } from "./differences.ts";
import { child, objectAt, type JsonObject } from "./json.ts";
import { titleOf, type ObjectDrift } from "./object-drift.ts";

type ResolvedPath = readonly (string | number)[];

/** JSON pointer (RFC 6901). */
const pointer = (path: ResolvedPath): string =>
  path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** Later items of a list come first, because a removal moves the items after it. */
function laterFirst(one: ResolvedPath, other: ResolvedPath): number {
  const index = one.findIndex((step, position) => step !== other[position]);
  const [left, right] = [one[index], other[index]];
  return typeof left === "number" && typeof right === "number" ? right - left : 0;
}

/** A JSON patch that removes what was added. It fails if somebody changed one of these fields meanwhile. */
export function removals(live: JsonObject, added: readonly Difference[]): object[] {
  return added
    .map(({ path }) => resolvedPath(live, path))
    .toSorted(laterFirst)
    .flatMap((path) => [
      { op: "test", path: pointer(path), value: path.reduce<unknown>(child, live) },
      { op: "remove", path: pointer(path) },
    ]);
}

/** The object that is applied. A manifest of Helm can leave the namespace out. */
function bodyOf({ object }: ObjectDrift): JsonObject {
  const { body, name, namespace } = object;
  const metadata = { ...objectAt(body, "metadata"), name, ...(namespace !== undefined && { namespace }) };
  return { ...body, metadata };
}

/**
 * Makes an object as declared again: what was added is removed, then the object is applied as Pulumi applies it, by the
 * same field manager, so that no field gets another owner.
 *
 * @throws OperatorError when the API server refuses; the message holds no secret
 */
export async function putBack(cluster: Cluster, drift: ObjectDrift): Promise<void> {
  const { object, live, added } = drift;
  const [manager] = object.managers;
  try {
    if (live !== undefined && added.length > 0) {
      await cluster.patch(object, manager, removals(live, added));
    }
    await cluster.apply(object, manager, bodyOf(drift));
  } catch (cause) {
    if (!(cause instanceof ApiRefusal)) {
      throw cause;
    }
    // No cause is attached: it could quote a value of a Secret.
    const reason = object.secrets.length > 0 ? `HTTP ${cause.status}` : cause.message;
    throw new OperatorError({
      what: `the object cannot be put back: ${reason}`,
      where: titleOf(object),
      remedy: "run this again if somebody changed it meanwhile; if the field cannot change, delete the object first",
    });
  }
}
