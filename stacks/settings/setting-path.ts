function segment(key: PropertyKey): string {
  if (typeof key === "number") {
    return `[${key}]`;
  }
  const name = String(key);
  return /^[A-Za-z_][\w-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** A setting as `pulumi config set --path` takes it: `bibind:foundation.cluster.nodes[0].hostKey`. */
export function settingPath([first, ...rest]: readonly PropertyKey[]): string {
  return `bibind:${String(first ?? "")}${rest.map(segment).join("")}`;
}

/** The command that encrypts a secret setting. It reads the value from its standard input. */
export function secretCommand(path: readonly PropertyKey[]): string {
  return `pulumi config set --secret --path '${settingPath(path)}'`;
}
