import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProgramInfo, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { ChildDescription } from "./children.ts";
import type { Options } from "./options.ts";

/** URL of a file in the folder of this program. */
function ownFile(name: string): string {
  return new URL(name, import.meta.url).href;
}

/** A file of the program's Pulumi SDK. */
function sdkFile(folder: string, file: string): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(`@pulumi/pulumi/${file}`);
  } catch (cause) {
    throw new OperatorError(
      {
        what: "the program's npm packages are not installed: @pulumi/pulumi is not found",
        where: folder,
        remedy: "run `npm ci` in the project's folder",
      },
      { cause },
    );
  }
}

/** The process of a program: `@pulumi/pulumi/cmd/run` with the entry point in Pulumi.yaml. */
export function programProcess(
  request: RunRequest,
  info: ProgramInfo,
  engine: string,
  options: Options,
): ChildDescription {
  const folder = info.getProgramDirectory();
  const args = [
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engine}`,
    `--project=${request.getProject()}`,
    `--root-directory=${info.getRootDirectory()}`,
    `--stack=${request.getStack()}`,
    `--organization=${request.getOrganization()}`,
    `--pwd=${request.getPwd()}`,
    `--parallel=${request.getParallel()}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
  ];
  const entry = info.getEntryPoint() === "." ? "." : join(folder, info.getEntryPoint());
  return {
    command: process.execPath,
    args: [
      `--import=${ownFile("lazy-packages.js")}`,
      ...options.nodeArguments,
      sdkFile(folder, "cmd/run"),
      ...args,
      entry,
      ...request.getArgsList(),
    ],
    cwd: request.getPwd(),
    env: {
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: String(options.tsNode),
    },
  };
}

/**
 * The process of a policy pack. The SDK's own runner loads a pack with ts-node, which supports neither ES modules nor
 * recent TypeScript. The runner here imports the pack.
 *
 * @param args - the engine's arguments: its address, then any others
 */
export function policyProcess(packFolder: string, entry: string, args: readonly string[]): ChildDescription {
  const preload = `--import=${ownFile("lazy-packages.js")}`;
  const runner = fileURLToPath(ownFile("policy-runner.js"));
  return {
    command: process.execPath,
    args: [preload, runner, join(packFolder, entry), ...args],
    cwd: packFolder,
    env: {},
  };
}

/** The process of any other plugin for Node: `@pulumi/pulumi/cmd/run-plugin`. */
export function pluginProcess(
  folder: string,
  pwd: string,
  args: readonly string[],
  options: Options,
): ChildDescription {
  return {
    command: process.execPath,
    args: [...options.nodeArguments, sdkFile(folder, "cmd/run-plugin"), folder, ...args],
    cwd: pwd,
    env: { PULUMI_NODEJS_TYPESCRIPT: String(options.tsNode) },
  };
}
