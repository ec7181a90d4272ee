/** A value in one cell: a text of several lines and a list of mappings are too long for it. */
function cell(value: unknown): string {
  if (Array.isArray(value)) {
    const isSimple = value.every((entry) => typeof entry !== "object");
    return isSimple ? value.map(String).join(", ") || "none" : `a list of ${value.length}`;
  }
  const text = String(value);
  const lines = text.trimEnd().split("\n").length;
  return lines > 1 ? `a text of ${lines} lines` : text || "none";
}

/** The cells of an output. A mapping has a row for each of its parts. */
function rowsOf(name: string, value: unknown): (readonly [name: string, value: string])[] {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, part]) => rowsOf(`${name}.${key}`, part))
    : [[name, cell(value)]];
}

/** A table of the outputs of a stack for people. @param outputs - as `pulumi stack output --json` gives them */
export function outputsTable(outputs: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(outputs).flatMap(([name, value]) => rowsOf(name, value));
  const all = [["output", "value"] as const, ...rows];
  const width = Math.max(...all.map(([name]) => name.length));
  return all.map(([name, value]) => `${name.padEnd(width)}   ${value}\n`).join("");
}
