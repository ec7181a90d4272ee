/** Shows who read or changed a secret. It reads Vault's audit log from standard input: see `docs/tasks/read-the-audit-log.md`. */
import { text } from "node:stream/consumers";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { columns } from "../text/columns.ts";
import { entriesAbout, entriesIn, type AuditEntry } from "./entries.ts";

const [path = ""] = process.argv.slice(2);

function row({ time, operation, who, policies, from, isRefused }: AuditEntry): string[] {
  return [time, operation, isRefused ? "refused" : "done", who || "nobody", policies.join(" "), from];
}

/** @throws OperatorError when no path is given, or when the text has no audit log */
function report(log: string): string {
  const entries = entriesIn(log);
  if (path === "") {
    throw new OperatorError({
      what: "no path is given",
      where: "services/audit/main.ts",
      remedy: "add a path, such as kv/oauth/iam/reports",
    });
  }
  if (entries.length === 0) {
    throw new OperatorError({
      what: "there is no entry of an audit log",
      where: "standard input",
      remedy: "give it the log of Vault: kubectl -n iam logs vault-0",
    });
  }
  return columns([["time", "operation", "result", "who", "policies", "from"], ...entriesAbout(entries, path).map(row)]);
}

try {
  process.stdout.write(report(await text(process.stdin)));
} catch (error) {
  if (!(error instanceof OperatorError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 64;
}
