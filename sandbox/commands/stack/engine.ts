import { delimiter, join } from "node:path";
import { execa } from "execa";
import { projectFolder } from "../../builds/folders.ts";
import { installToolchain } from "../../toolchain/install.ts";
import { backendUrl, settingsFile, stackFolder, stackName } from "./folder.ts";

/** The installed engine, and the environment variables that select the sandbox's stack. */
export interface Engine {
  /** Path of the `pulumi` command. */
  readonly pulumi: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The environment variables of every engine command: they select the home, backend and stack of the sandbox, and the
 * project's Node.
 *
 * @param home - value of `PULUMI_HOME`
 * @param path - value of `PATH`
 */
export function engineEnvironment(home: string, path: string): Record<string, string> {
  return {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: backendUrl(stackFolder()),
    PULUMI_CONFIG_PASSPHRASE_FILE: stackFolder("passphrase"),
    PULUMI_STACK: stackName,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A refresh or a destroy needs the deployer's Vault token, which only the program creates.
    PULUMI_RUN_PROGRAM: "true",
    PATH: [join(projectFolder, "node_modules", ".bin"), path].join(delimiter),
  };
}

/** Installs the engine, if needed. */
export async function installedEngine(): Promise<Engine> {
  const { pulumi, home } = await installToolchain();
  return { pulumi, environment: engineEnvironment(home, process.env.PATH ?? "") };
}

/** Commands that accept `--config-file`. The engine refuses this option for any other command. */
const commandsWithSettings = new Set([
  ...["up", "update", "preview", "pre", "refresh", "destroy", "down", "dn"],
  ...["config", "cfg", "conf", "watch", "import"],
]);

/** Adds `--config-file` with this file when the command accepts it and the arguments do not have it yet. */
export function withSettings(args: readonly string[], file: string): string[] {
  const isGiven = args.some((arg) => arg === "--config-file" || arg.startsWith("--config-file="));
  const command = args.find((arg) => !arg.startsWith("-"));
  if (isGiven || command === undefined || !commandsWithSettings.has(command)) {
    return [...args];
  }
  const end = args.indexOf("--") < 0 ? args.length : args.indexOf("--");
  return [...args.slice(0, end), "--config-file", file, ...args.slice(end)];
}

/**
 * Runs an engine command that does not need the program, such as `stack export`.
 *
 * @param input - standard input of the command; default none
 * @returns its standard output
 * @throws ExecaError when the command fails
 */
export async function runOnStack(engine: Engine, args: readonly string[], input?: string): Promise<string> {
  const options = { cwd: stackFolder(), env: engine.environment, stdin: "ignore" } as const;
  const result = await execa(engine.pulumi, [...args, "--non-interactive"], {
    ...options,
    ...(input === undefined ? {} : { stdin: "pipe", input }),
  });
  return result.stdout;
}

/**
 * Runs an engine command that needs the program, such as `up`, in this terminal.
 *
 * @param log - a file that also receives the output; default none
 * @returns its exit code; 255 when a signal ended it
 */
export async function runOnProgram(engine: Engine, args: readonly string[], log?: string): Promise<number> {
  const output = log === undefined ? ("inherit" as const) : (["inherit", { file: log, append: true }] as const);
  const result = await execa(engine.pulumi, withSettings(args, settingsFile()), {
    cwd: projectFolder,
    env: engine.environment,
    stdin: "inherit",
    stdout: output,
    stderr: output,
    buffer: false,
    reject: false,
  });
  return result.exitCode ?? 255;
}
