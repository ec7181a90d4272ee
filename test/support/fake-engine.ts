import { chmod, mkdir, writeFile } from "node:fs/promises";
import type { Engine } from "../../sandbox/commands/stack/engine.ts";
import { stackFolder, stateFile } from "../../sandbox/commands/stack/folder.ts";

/** What the fake engine answers. */
export interface FakeAnswers {
  /** The state that `stack export` prints. Default: an empty state. */
  readonly export?: object;
}

/**
 * An engine that does nothing. It creates an empty stack, prints a given state, and writes to the stack's folder: each
 * command to the file `commands`, and the standard input of `stack import` to the file `imported`.
 */
export async function fakeEngine({ export: state = {} }: FakeAnswers = {}): Promise<Engine> {
  const pulumi = stackFolder("fake-pulumi");
  const script = `#!/bin/sh
echo "$*" >> '${stackFolder("commands")}'
case "$1 $2" in
  "stack init") mkdir -p "$(dirname '${stateFile()}')" && echo '{"version":3}' > '${stateFile()}' ;;
  "stack export") cat '${stackFolder("exported")}' ;;
  "stack import") cat > '${stackFolder("imported")}' ;;
esac
`;
  await mkdir(stackFolder(), { recursive: true });
  await writeFile(stackFolder("exported"), JSON.stringify(state));
  await writeFile(pulumi, script);
  await chmod(pulumi, 0o755);
  return { pulumi, environment: {} };
}
