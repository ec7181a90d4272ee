/** Property paths in the engine's notation: `spec.template.spec.containers[0].image`, `metadata.labels["a.b/c"]`. */

export type Path = readonly (string | number)[];

/** Writes a path in the engine's notation. */
export function pathText(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") {
      text += `[${step}]`;
    } else if (/^[A-Za-z_$][A-Za-z0-9_$-]*$/.test(step)) {
      text += text === "" ? step : `.${step}`;
    } else {
      text += `[${JSON.stringify(step)}]`;
    }
  }
  return text;
}

/** Reads `a.b[0]["c.d"]`. A leading dot is allowed, as in the conflict messages of the Kubernetes API. */
export function parsePath(text: string): Path {
  const steps: (string | number)[] = [];
  for (const match of text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[([^\]]*)\]|([^.[\]]+)/g)) {
    const [, quoted, index, bracketed, plain] = match;
    if (index !== undefined) {
      steps.push(Number(index));
    } else {
      steps.push(quoted ?? bracketed ?? plain ?? "");
    }
  }
  return steps;
}

/** Whether `path` is equal to `prefix` or below it. */
export function isWithin(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}
