/** Rows under headings, each column as wide as its widest cell. */
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

/** The words of each line of a listing that has at least so many; the opposite of `table`. */
export function wordsOf(listing: string, least: number): string[][] {
  return listing
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length >= least);
}
