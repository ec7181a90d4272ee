/** Members that identify an item of a list (list map keys of the Kubernetes API). The first that fits is used. */
const keys: readonly (readonly string[])[] = [
  ["mountPath"],
  ["devicePath"],
  ["name"],
  ["key"],
  ["containerPort", "protocol"],
  ["port", "protocol"],
  ["topologyKey", "whenUnsatisfiable"],
  ["ip"],
  ["uid"],
  ["type"],
  ["host"],
  ["id"],
];

/** A member of an item. A port without a protocol is a TCP port. */
function keyPart(item: unknown, name: string): unknown {
  const part: unknown = typeof item === "object" && item !== null ? Reflect.get(item, name) : undefined;
  return part ?? (name === "protocol" ? "TCP" : undefined);
}

const identity = (item: unknown, key: readonly string[]): string =>
  JSON.stringify(key.map((name) => keyPart(item, name)));

function identifies(key: readonly string[], list: readonly unknown[]): boolean {
  const [required = ""] = key;
  const all = new Set(list.map((item) => identity(item, key)));
  return all.size === list.length && list.every((item) => keyPart(item, required) !== undefined);
}

/** The members that identify each item in all of these lists; undefined when there are none, as in a list of texts. */
export function listKey(...lists: readonly (readonly unknown[])[]): readonly string[] | undefined {
  return keys.find((key) => lists.every((list) => identifies(key, list)));
}

/** Index of the item in the list that has the same key; -1 when there is none. */
export function indexOfItem(list: readonly unknown[], item: unknown, key: readonly string[]): number {
  const wanted = identity(item, key);
  return list.findIndex((other) => identity(other, key) === wanted);
}
