import { at, child, indexOf, isList, isObject, type JsonObject, type Path } from "./json.ts";
import { indexOfItem, listKey } from "./keyed-lists.ts";
import { isForeign, ownsPath, type Owner } from "./owners.ts";
import { sameScalar } from "./same-value.ts";

/** A field at which the live object is not as declared. */
export interface Difference {
  readonly path: Path;
  /** Undefined for a field that somebody added. */
  readonly declared: unknown;
  /** Undefined for a field that is missing. */
  readonly live: unknown;
}

/** Whether the API server may leave the value out: Go's `omitempty`. */
function isZero(value: unknown): boolean {
  if (isList(value)) {
    return value.length === 0;
  }
  return isObject(value)
    ? Object.values(value).every(isZero)
    : value === undefined || value === null || value === false || value === 0 || value === "";
}

function ofList(declared: readonly unknown[], live: readonly unknown[], path: Path): Difference[] {
  const key = listKey(declared, live);
  if (key !== undefined) {
    return declared.flatMap((item) => {
      const step = Object.fromEntries(
        key.map((name): [string, unknown] => [name, at(item, name)]).filter(([, part]) => part !== undefined),
      );
      return ofValue(item, live[indexOfItem(live, item, key)], [...path, step]);
    });
  }
  return declared.length === live.length
    ? declared.flatMap((item, index) => ofValue(item, live[index], [...path, index]))
    : [{ path, declared, live }];
}

function ofValue(declared: unknown, live: unknown, path: Path): Difference[] {
  if (declared === undefined || declared === null || (live === undefined && isZero(declared))) {
    return [];
  }
  if (isObject(declared) && isObject(live)) {
    return Object.entries(declared).flatMap(([name, member]) => ofValue(member, at(live, name), [...path, name]));
  }
  if (isList(declared) && isList(live)) {
    return ofList(declared, live, path);
  }
  return sameScalar(declared, live) ? [] : [{ path, declared, live }];
}

/**
 * The declared fields that the live object does not have, or has with another value.
 *
 * Items of a list are matched by their key if they have one. Fields that the API server adds are no difference.
 */
export function declaredDifferences(declared: JsonObject, live: JsonObject): Difference[] {
  return ofValue(declared, live, []);
}

/** Whether a field belongs to controllers: the status, and in `metadata` everything but labels and annotations. */
function isIgnored([first, second]: Path): boolean {
  return (
    first === "status" ||
    (first === "metadata" && second !== undefined && second !== "labels" && second !== "annotations")
  );
}

/** Step of an entry in managed fields (structured-merge-diff): `f:NAME`, `k:{KEY}`; undefined for any other. */
function stepOf(entry: string): string | JsonObject | undefined {
  if (entry.startsWith("f:")) {
    return entry.slice(2);
  }
  const key: unknown = entry.startsWith("k:") ? JSON.parse(entry.slice(2)) : undefined;
  return isObject(key) ? key : undefined;
}

/** The item of the declared list that is the live item: the keys of managed fields name defaults too. */
function declaredChild(declared: unknown, live: unknown, step: string | JsonObject): unknown {
  if (!isList(declared) || !isList(live)) {
    return child(declared, step);
  }
  const item = child(live, step);
  const key = listKey(declared, live);
  return key === undefined ? item : declared[indexOfItem(declared, item, key)];
}

/** Items and members of a value that is one field for the API server, and that another program wrote as a whole. */
function additionsInside(declared: unknown, live: unknown, path: Path): Difference[] {
  if (isObject(declared) && isObject(live)) {
    return Object.entries(live).flatMap(([name, member]) =>
      Object.hasOwn(declared, name)
        ? additionsInside(declared[name], member, [...path, name])
        : [{ path: [...path, name], declared: undefined, live: member }],
    );
  }
  if (!isList(declared) || !isList(live)) {
    return [];
  }
  const key = listKey(declared, live);
  return live.flatMap((item, index) => {
    const found = key === undefined ? index : indexOfItem(declared, item, key);
    if (found !== -1 && found < declared.length) {
      return additionsInside(declared[found], item, [...path, index]);
    }
    return key === undefined ? [] : [{ path: [...path, index], declared: undefined, live: item }];
  });
}

/** Finds what one owner added to an object. */
class Additions {
  readonly #live: JsonObject;
  readonly #owner: Owner;
  readonly #others: readonly Owner[];

  constructor(live: JsonObject, owner: Owner, owners: readonly Owner[]) {
    this.#live = live;
    this.#owner = owner;
    this.#others = owners.filter((other) => other !== owner);
  }

  /** @param declared - the object as declared */
  of(declared: JsonObject): Difference[] {
    return this.#inside(this.#owner.fields, declared, this.#live, []);
  }

  #inside(fields: JsonObject, declared: unknown, live: unknown, path: Path): Difference[] {
    const isWhole = Object.keys(fields).length === 0;
    if ((declared === undefined || declared === null) && (isWhole || !this.#isShared(live, path))) {
      return [{ path, declared: undefined, live }];
    }
    if (isWhole) {
      const isCommon = this.#others.some((owner) => owner.isOurs && ownsPath(owner, this.#live, path));
      return isCommon ? [] : additionsInside(declared, live, path);
    }
    return Object.entries(fields).flatMap(([entry, below]) => {
      const step = stepOf(entry);
      const next = step === undefined || isIgnored([...path, step]) ? undefined : child(live, step);
      return step === undefined || next === undefined || !isObject(below)
        ? []
        : this.#inside(below, declaredChild(declared, live, step), next, [...path, step]);
    });
  }

  /** Whether only a part of a field that is not declared is this owner's. Labels and annotations always are shared. */
  #isShared(live: unknown, path: Path): boolean {
    const isComposed = isObject(live) || isList(live);
    const isMetadata = path[0] === "metadata" && path.length === 2;
    return isComposed && (isMetadata || this.#others.some((other) => ownsPath(other, this.#live, path)));
  }
}

/** Whether only `kubectl rollout restart` was there. A restart changes nothing that is declared. */
function isRestart({ path, live }: Pick<Difference, "path" | "live">): boolean {
  const members = isObject(live) ? Object.entries(live) : [];
  return (
    path.at(-1) === "kubectl.kubernetes.io/restartedAt" ||
    (members.length > 0 && members.every(([name, member]) => isRestart({ path: [...path, name], live: member })))
  );
}

/**
 * The fields that another program than the platform or a controller added to the object. They are not declared, but they
 * can change what the declared ones do: a rule that is added to a NetworkPolicy opens it.
 */
export function addedDifferences(declared: JsonObject, live: JsonObject, owners: readonly Owner[]): Difference[] {
  const found = owners.filter(isForeign).flatMap((owner) => new Additions(live, owner, owners).of(declared));
  const changes = found.filter((difference) => !isRestart(difference));
  const byPath = new Map(
    changes.map((difference) => [JSON.stringify(resolvedPath(live, difference.path)), difference]),
  );
  return [...byPath.values()];
}

/** The path with an index in place of a key. The field must exist. */
export function resolvedPath(live: unknown, path: Path): (string | number)[] {
  const [step, ...rest] = path;
  if (step === undefined) {
    return [];
  }
  const resolved = typeof step === "string" ? step : indexOf(isList(live) ? live : [], step);
  return [resolved, ...resolvedPath(child(live, step), rest)];
}
