import { execa } from "execa";
import { z } from "zod";
import { projectFolder } from "../../sandbox/builds/folders.ts";

const stepSchema = z.object({ op: z.string(), urn: z.string() });
const previewSchema = z.object({ steps: z.array(stepSchema).optional() });

/** What a preview would do: `update postgres-operator-release`, one entry for each resource that does not stay as it is. */
export async function previewedChanges(...args: readonly string[]): Promise<string[]> {
  const { stdout } = await execa(
    "node_modules/.bin/node",
    ["sandbox/main.ts", "pulumi", "--", "preview", "--json", "--non-interactive", ...args],
    { cwd: projectFolder },
  );
  const { steps = [] } = previewSchema.parse(JSON.parse(stdout));
  return steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? urn}`);
}
