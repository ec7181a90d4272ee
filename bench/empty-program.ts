import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Engine } from "../sandbox/commands/stack/engine.ts";
import { projectFolder } from "../sandbox/builds/folders.ts";

/** A program without resources, in its own stack. It measures the time of the engine alone. */
export interface EmptyProgram {
  preview(): Promise<void>;
  remove(): Promise<void>;
}

/** Creates an empty program with the same engine, language host and Node as the platform. */
export async function emptyProgram(engine: Engine): Promise<EmptyProgram> {
  const folder = await mkdtemp(join(tmpdir(), "bibind-empty-"));
  const env = { ...engine.environment, PULUMI_BACKEND_URL: `file://${join(folder, "state")}`, PULUMI_STACK: "empty" };
  const pulumi = (...args: readonly string[]) =>
    execa(engine.pulumi, [...args, "--non-interactive"], { cwd: folder, env, stdin: "ignore" });
  await mkdir(join(folder, "state"));
  await symlink(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "module", "main": "index.ts" }\n');
  await writeFile(join(folder, "index.ts"), 'import "@pulumi/pulumi";\n');
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: empty\nmain: index.ts\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  await pulumi("stack", "init", "empty");
  return {
    preview: async () => {
      await pulumi("preview", "--stack", "empty");
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
