import { OperatorError } from "../../components/errors/operator-error.ts";
import { command as serveClients } from "./clients/command.ts";
import { UsageError } from "./commands/command.ts";
import { commandLine, usageOf } from "./commands/command-line.ts";
import { command as keyring } from "./keyring/command.ts";
import { createLog } from "./log.ts";
import { command as serve } from "./pages/command.ts";
import { command as initVault } from "./vault-init/command.ts";

const commands = [serve, serveClients, keyring, initVault];

const exitCodes = { usage: 64, bug: 70, operator: 1 } as const;

async function main(args: readonly string[]): Promise<void> {
  const [command, options] = commandLine(args, commands);
  const log = createLog(command.name);
  try {
    await command.run(options, log);
  } catch (error) {
    if (error instanceof OperatorError) {
      const { what, where, remedy } = error.parts;
      log.fatal({ where, remedy }, what);
      process.exitCode = exitCodes.operator;
      return;
    }
    log.fatal({ err: error }, "this is a bug");
    process.exitCode = exitCodes.bug;
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) {
    throw error;
  }
  const help = commands.map((command) => `  ${usageOf(command)}\n    ${command.summary}\n`).join("");
  process.stderr.write(`identity: ${error.message}\nusage:\n${help}`);
  process.exitCode = exitCodes.usage;
}
