/** Holds the sandbox until its standard input ends. It says when it does, or why it cannot. Its arguments are run meanwhile. */
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { holdingSandbox, SandboxBusy } from "../../sandbox/commands/sandbox-lock.ts";

const [file, ...args] = process.argv.slice(2);

async function work(): Promise<void> {
  process.stdout.write("holds the sandbox\n");
  await (file === undefined ? text(process.stdin) : execa(file, args, { stdio: "inherit", reject: false }));
}

try {
  await holdingSandbox("the test", work);
} catch (error) {
  if (!(error instanceof SandboxBusy)) {
    throw error;
  }
  process.stdout.write(`${error.message}\n`);
}
