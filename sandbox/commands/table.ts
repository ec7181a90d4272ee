import { columns } from "../../services/text/columns.ts";

/** A text table with headings. Each column is as wide as its widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return columns([headings, widths.map((width) => "─".repeat(width)), ...rows]);
}

/** The columns of each line in the output of a command. Lines with fewer than `minimum` columns are left out. */
export function columnsOf(listing: string, minimum: number): string[][] {
  return listing
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length >= minimum);
}
