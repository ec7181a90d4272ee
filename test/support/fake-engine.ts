import { chmod, mkdir, writeFile } from "node:fs/promises";
import type { Engine } from "../../sandbox/commands/stack/engine.ts";
import { stackFolder, stateFile } from "../../sandbox/commands/stack/folder.ts";

/** An engine that only creates an empty stack, and records its commands in the file `commands` of the stack's folder. */
export async function fakeEngine(): Promise<Engine> {
  const pulumi = stackFolder("fake-pulumi");
  const state = stateFile();
  const script = `#!/bin/sh
echo "$*" >> '${stackFolder("commands")}'
if [ "$1 $2" = "stack init" ]; then
  mkdir -p "$(dirname '${state}')" && echo '{"version":3}' > '${state}'
fi
`;
  await mkdir(stackFolder(), { recursive: true });
  await writeFile(pulumi, script);
  await chmod(pulumi, 0o755);
  return { pulumi, environment: {} };
}
