import { OperatorError } from "../components/errors/operator-error.ts";
import { UsageError, type Command } from "./commands/command.ts";

/** The module of a command is loaded only when the command runs, so that `ssh` and `status` start fast. */
const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  up: () => import("./commands/up.ts"),
  down: () => import("./commands/down.ts"),
  preview: () => import("./commands/preview.ts"),
  status: () => import("./commands/status.ts"),
  logs: () => import("./commands/logs.ts"),
  ssh: () => import("./commands/ssh.ts"),
  ca: () => import("./commands/ca.ts"),
  kubeconfig: () => import("./commands/kubeconfig.ts"),
  image: () => import("./commands/image.ts"),
  reset: () => import("./commands/reset.ts"),
  pulumi: () => import("./commands/pulumi.ts"),
};

const exitCodes = { usage: 64, bug: 70, operator: 1 } as const;

async function help(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const lines = all.map(({ command }) => `  ${`${command.name} ${command.usage}`.padEnd(40)} ${command.summary}`);
  return `usage: sandbox COMMAND\n${lines.join("\n")}\n`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help") {
    process.stdout.write(await help());
    return name === undefined ? exitCodes.usage : 0;
  }
  const load = commands[name];
  if (load === undefined) {
    process.stderr.write(`sandbox: unknown command ${name}\n${await help()}`);
    return exitCodes.usage;
  }
  const { command } = await load();
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`sandbox ${name}: ${error.message}\nusage: sandbox ${name} ${command.usage}\n`);
      return exitCodes.usage;
    }
    throw error;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof OperatorError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(exitCodes.operator);
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(exitCodes.bug);
}
