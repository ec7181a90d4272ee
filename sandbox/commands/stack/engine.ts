import { delimiter, join } from "node:path";
import { execa } from "execa";
import { projectFolder } from "../../builds/folders.ts";
import { installToolchain } from "../../toolchain/install.ts";
import { backendUrl, settingsFile, stackFolder, stackName } from "./folder.ts";

/** The installed engine, with the environment that binds it to the sandbox's stack. */
export interface Engine {
  /** Path of the `pulumi` command. */
  readonly pulumi: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Environment of every engine command: our home, our backend, our stack, the project's Node. */
export function engineEnvironment(home: string, path: string): Record<string, string> {
  return {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: backendUrl(stackFolder()),
    PULUMI_CONFIG_PASSPHRASE_FILE: stackFolder("passphrase"),
    PULUMI_STACK: stackName,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A refresh or a destroy needs what only the program makes: the deployer's session with Vault.
    PULUMI_RUN_PROGRAM: "true",
    PATH: [join(projectFolder, "node_modules", ".bin"), path].join(delimiter),
  };
}

export async function installedEngine(): Promise<Engine> {
  const { pulumi, home } = await installToolchain();
  return { pulumi, environment: engineEnvironment(home, process.env.PATH ?? "") };
}

/** Commands that read the stack's settings; the engine refuses the option elsewhere. */
const readingSettings = new Set([
  ...["up", "update", "preview", "pre", "refresh", "destroy", "down", "dn"],
  ...["config", "cfg", "conf", "watch", "import"],
]);

/** The engine's arguments with the settings file where the command takes one. */
export function withSettings(args: readonly string[], file: string): string[] {
  const isGiven = args.some((arg) => arg === "--config-file" || arg.startsWith("--config-file="));
  const word = args.find((arg) => !arg.startsWith("-"));
  if (isGiven || word === undefined || !readingSettings.has(word)) {
    return [...args];
  }
  const end = args.indexOf("--") < 0 ? args.length : args.indexOf("--");
  return [...args.slice(0, end), "--config-file", file, ...args.slice(end)];
}

/** Runs a command on the stack alone, without the program; its standard output. */
export async function runOnStack(engine: Engine, args: readonly string[], input?: string): Promise<string> {
  const options = { cwd: stackFolder(), env: engine.environment, stdin: "ignore" } as const;
  const result = await execa(engine.pulumi, [...args, "--non-interactive"], {
    ...options,
    ...(input === undefined ? {} : { stdin: "pipe", input }),
  });
  return result.stdout;
}

/** Runs a command on the program, on this terminal; its exit code. */
export async function runOnProgram(engine: Engine, args: readonly string[], log?: string): Promise<number> {
  const shown = log === undefined ? ("inherit" as const) : (["inherit", { file: log, append: true }] as const);
  const result = await execa(engine.pulumi, withSettings(args, settingsFile()), {
    cwd: projectFolder,
    env: engine.environment,
    stdin: "inherit",
    stdout: shown,
    stderr: shown,
    buffer: false,
    reject: false,
  });
  return result.exitCode ?? 255;
}
