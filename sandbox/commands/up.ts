import { mkdir, writeFile } from "node:fs/promises";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { layers } from "../../stacks/layers.ts";
import { cacheFolder } from "../builds/folders.ts";
import { step } from "../builds/progress.ts";
import { startMachine } from "../machine/machine.ts";
import { gatherFacts, problems, requireNoProblems } from "../machine/preflight.ts";
import { machineTree } from "../machine/tree.ts";
import { applicationsTable, nextSteps, settledApplicationRows } from "./applications.ts";
import { withBuildForecast } from "./build-progress.ts";
import { readArguments, refusePositionals } from "./arguments.ts";
import { UsageError, type Command } from "./command.ts";
import { installDebianPackages } from "./debian-packages.ts";
import { knownHost } from "./known-host.ts";
import { waitForPods } from "./pods.ts";
import { provisionedHost } from "./provisions.ts";
import { holdingSandbox } from "./sandbox-lock.ts";
import { installedEngine, runOnProgram, type Engine } from "./stack/engine.ts";
import { stackName } from "./stack/folder.ts";
import { forgetUnfinishedDeletions, isDestroyUnfinished, removeMark } from "./stack/interrupted-destroy.ts";
import { stackOutputs } from "./stack/outputs.ts";
import { chosenLayers } from "./stack/layers.ts";
import type { StackChoice } from "./stack/settings.ts";
import { allLayers, prepareStack } from "./stack/stack.ts";

/**
 * Reads the arguments of `up`.
 *
 * @param all the layers that are deployed where none are named
 */
export function readChoice(args: readonly string[], all: readonly string[]): StackChoice {
  const options = { cluster: { type: "string", default: "machine" }, layers: { type: "string", default: "" } } as const;
  const { values, positionals } = readArguments(args, options);
  refusePositionals(positionals);
  const { cluster, layers: named } = values;
  if (cluster !== "machine" && cluster !== "existing") {
    throw new UsageError(`--cluster is "machine" or "existing", not "${cluster}"`);
  }
  return { cluster, layers: named === "" ? all : chosenLayers(named, layers) };
}

/** Builds what is missing, then starts the machine. */
async function prepareMachine(): Promise<Engine> {
  requireNoProblems(problems(await gatherFacts(), knownHost));
  await installDebianPackages();
  const [engine, host] = await withBuildForecast(() =>
    Promise.all([installedEngine(), provisionedHost(), machineTree()]),
  );
  await startMachine(host);
  return engine;
}

/** The options of `pulumi up`. After an unfinished destroy, the update first reads what is left. */
function updateOptions(): string[] {
  return ["--yes", "--skip-preview", "--stack", stackName, ...(isDestroyUnfinished() ? ["--refresh"] : [])];
}

/** The engine's own output goes on the terminal and into the log. */
async function deploy(engine: Engine): Promise<void> {
  await mkdir(cacheFolder("logs"), { recursive: true });
  const log = cacheFolder("logs", "pulumi-up.log");
  await writeFile(log, "");
  await step("pulumi up", async () => {
    const exitCode = await runOnProgram(engine, ["up", ...updateOptions()], log);
    if (exitCode !== 0) {
      throw new OperatorError({
        what: `pulumi up ended with exit code ${exitCode}; what was made before that stays`,
        where: log,
        remedy: "fix the error above and run the same command again",
      });
    }
  });
}

async function bringUp(choice: StackChoice): Promise<void> {
  const engine = choice.cluster === "machine" ? await prepareMachine() : await installedEngine();
  await step("prepare the stack", () => prepareStack(engine, choice));
  await forgetUnfinishedDeletions(engine);
  await deploy(engine);
  await removeMark();
  if (choice.cluster === "machine") {
    await step("wait until every pod is ready", waitForPods);
  }
}

export const command: Command = {
  name: "up",
  summary: "deploy the platform on this machine; it can run again at any time, also after a kill",
  usage: "[--cluster=machine|existing] [--layers=NAME,…]",
  run: async (args) => {
    const choice = readChoice(args, await allLayers());
    await holdingSandbox("make up", () => step("up", () => bringUp(choice)));
    const outputs = await stackOutputs();
    if (outputs !== undefined) {
      const rows = await settledApplicationRows(outputs);
      process.stdout.write(`\n${applicationsTable(rows)}${nextSteps(outputs, choice.cluster)}`);
    }
    return 0;
  },
};
