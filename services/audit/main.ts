/** Shows who read or changed a secret. It reads Vault's audit log from standard input: see `docs/tasks/read-the-audit-log.md`. */
import { text } from "node:stream/consumers";
import { entriesAbout, entriesIn, type AuditEntry } from "./entries.ts";

const [path = ""] = process.argv.slice(2);

function row({ time, operation, who, policies, from, isRefused }: AuditEntry): string[] {
  return [time, operation, isRefused ? "refused" : "done", who || "nobody", policies.join(" "), from];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return rows
    .map(
      (cells) =>
        `${cells
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("   ")
          .trimEnd()}\n`,
    )
    .join("");
}

const entries = entriesIn(await text(process.stdin));
if (path === "" || entries.length === 0) {
  process.stderr.write(
    path === ""
      ? "no path is given | services/audit/main.ts | add a path, such as kv/oauth/iam/reports\n"
      : "there is no entry of an audit log | standard input | give it the log of Vault: kubectl -n iam logs vault-0\n",
  );
  process.exitCode = 64;
} else {
  const found = entriesAbout(entries, path).map(row);
  process.stdout.write(table([["time", "operation", "result", "who", "policies", "from"], ...found]));
}
