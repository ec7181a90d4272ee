/** An object of JSON, such as an object of the Kubernetes API or a resource's inputs. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A step of a path: a member, an index of a list, or the members that identify an item of a list. */
export type Step = string | number | JsonObject;

export type Path = readonly Step[];

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

/** The value at a path of members; undefined when there is none. */
export function at(value: unknown, ...members: readonly string[]): unknown {
  return members.reduce<unknown>(
    (current, member) => (isObject(current) && Object.hasOwn(current, member) ? current[member] : undefined),
    value,
  );
}

export function textAt(value: unknown, ...members: readonly string[]): string | undefined {
  const found = at(value, ...members);
  return typeof found === "string" ? found : undefined;
}

export function objectAt(value: unknown, ...members: readonly string[]): JsonObject {
  const found = at(value, ...members);
  return isObject(found) ? found : {};
}

export function listAt(value: unknown, ...members: readonly string[]): readonly unknown[] {
  const found = at(value, ...members);
  return isList(found) ? found : [];
}

/** Parses the JSON text of an object. @throws Error that names the text by `what` */
export function parseObject(text: string, what: string): JsonObject {
  const parsed: unknown = JSON.parse(text);
  if (!isObject(parsed)) {
    throw new Error(`${what} is not a JSON object`);
  }
  return parsed;
}

const isSameItem = (item: unknown, key: JsonObject): boolean =>
  Object.entries(key).every(([name, value]) => at(item, name) === value);

/** Index in a list that a step leads to; -1 when there is none. */
export function indexOf(list: readonly unknown[], step: Step): number {
  if (typeof step === "number") {
    return step < list.length ? step : -1;
  }
  return isObject(step) ? list.findIndex((item) => isSameItem(item, step)) : -1;
}

/** The value that a step leads to; undefined when there is none. */
export function child(value: unknown, step: Step): unknown {
  if (isList(value)) {
    return value[indexOf(value, step)];
  }
  return typeof step === "string" ? at(value, step) : undefined;
}

/** A path for people: `spec.template.spec.containers[name=web].image`, `metadata.labels["a.b/c"]`. */
export function pathText(path: Path): string {
  const text = path.map((step) => {
    if (typeof step === "number") {
      return `[${step}]`;
    }
    if (typeof step !== "string") {
      const members = Object.entries(step).map(([name, value]) => `${name}=${String(value)}`);
      return `[${members.join(",")}]`;
    }
    return /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return text.join("").replace(/^\./, "");
}
