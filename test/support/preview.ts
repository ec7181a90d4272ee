import { execa } from "execa";
import { z } from "zod";
import { projectFolder } from "../../sandbox/builds/folders.ts";

const stepSchema = z.object({ op: z.string(), urn: z.string() });
const previewSchema = z.object({ steps: z.array(stepSchema).optional() });

/** The changes in the output of `pulumi preview --json`, each such as `update postgres-operator-release`. */
export function changesIn(output: string): string[] {
  const { steps = [] } = previewSchema.parse(JSON.parse(output));
  return steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? urn}`);
}

/** The changes that an update of the sandbox's stack would make. */
export async function previewedChanges(...args: readonly string[]): Promise<string[]> {
  const { stdout } = await execa(
    "node_modules/.bin/node",
    ["sandbox/main.ts", "pulumi", "--", "preview", "--json", "--non-interactive", ...args],
    { cwd: projectFolder },
  );
  return changesIn(stdout);
}
