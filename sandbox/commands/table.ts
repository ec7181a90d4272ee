/** A text table with headings. Each column is as wide as its widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd();
  return `${[line(headings), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n")}\n`;
}

/** The columns of each line in the output of a command. Lines with fewer than `minimum` columns are left out. */
export function columnsOf(listing: string, minimum: number): string[][] {
  return listing
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length >= minimum);
}
