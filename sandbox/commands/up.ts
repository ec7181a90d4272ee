import { mkdir, writeFile } from "node:fs/promises";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { cacheFolder } from "../builds/folders.ts";
import { step } from "../builds/progress.ts";
import { startMachine } from "../machine/machine.ts";
import { gatherFacts, problems, refuseProblems } from "../machine/preflight.ts";
import { machineTree } from "../machine/tree.ts";
import { readArguments, refusePositionals } from "./arguments.ts";
import { UsageError, type Command } from "./command.ts";
import { installDebianPackages } from "./debian-packages.ts";
import { knownHost } from "./known-host.ts";
import { waitForPods } from "./pods.ts";
import { provisionedHost } from "./provisions.ts";
import { installedEngine, runOnProgram, runOnStack, type Engine } from "./stack/engine.ts";
import { stackName } from "./stack/folder.ts";
import { nextSteps, overview } from "./stack/outputs.ts";
import type { ClusterChoice } from "./stack/settings.ts";
import { prepareStack } from "./stack/stack.ts";

/** Reads the arguments of `up`. */
export function readChoice(args: readonly string[]): ClusterChoice {
  const { values, positionals } = readArguments(args, { cluster: { type: "string", default: "machine" } });
  refusePositionals(positionals);
  const { cluster } = values;
  if (cluster !== "machine" && cluster !== "existing") {
    throw new UsageError(`--cluster is "machine" or "existing", not "${cluster}"`);
  }
  return cluster;
}

/** Builds what is missing, then starts the machine. */
async function prepareMachine(): Promise<Engine> {
  refuseProblems(problems(await gatherFacts(), knownHost));
  await installDebianPackages();
  // Programs are compiled while the tree comes over the network.
  const [engine] = await Promise.all([installedEngine(), machineTree()]);
  await startMachine(await provisionedHost());
  return engine;
}

/** The engine's own output goes on the terminal and into the log. */
async function deploy(engine: Engine): Promise<void> {
  await mkdir(cacheFolder("logs"), { recursive: true });
  const log = cacheFolder("logs", "pulumi-up.log");
  await writeFile(log, "");
  await step("pulumi up", async () => {
    const exitCode = await runOnProgram(engine, ["up", "--yes", "--skip-preview", "--stack", stackName], log);
    if (exitCode !== 0) {
      throw new OperatorError({
        what: `pulumi up ended with exit code ${exitCode}; what was made before that stays`,
        where: log,
        remedy: "mend what it says above, then run the same command again",
      });
    }
  });
}

export const command: Command = {
  name: "up",
  summary: "bring the platform up on this machine; again at any time, also after a kill",
  usage: "[--cluster=machine|existing]",
  run: async (args) => {
    const choice = readChoice(args);
    const engine = await step("up", async () => {
      const installed = choice === "machine" ? await prepareMachine() : await installedEngine();
      await step("prepare the stack", () => prepareStack(installed, choice));
      await deploy(installed);
      if (choice === "machine") {
        await step("wait until every pod is ready", waitForPods);
      }
      return installed;
    });
    process.stdout.write(
      `\n${overview(await runOnStack(engine, ["stack", "output", "--json", "--stack", stackName]))}`,
    );
    process.stdout.write(nextSteps);
    return 0;
  },
};
