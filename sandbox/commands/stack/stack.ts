import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { projectFolder } from "../../builds/folders.ts";
import { machineKeys } from "../../machine/keys.ts";
import { knownHost } from "../known-host.ts";
import { runOnStack, type Engine } from "./engine.ts";
import { settingsFile, stackFolder, stackName, stateFile } from "./folder.ts";
import {
  clearPendingOperations,
  releaseStaleLock,
  removeLeftovers,
  restoreBrokenState,
  runningEngine,
} from "./repair.ts";
import { refuseRemoval } from "./layers.ts";
import { holdsSecret, layersIn, renderSettings, secretName, type ClusterChoice, type StackChoice } from "./settings.ts";

/** Writes a file that nobody else may read, whole or not at all. */
async function writePrivate(file: string, text: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await chmod(unfinished, 0o600);
  await rename(unfinished, file);
}

async function prepareFolder({ cluster, layers }: StackChoice): Promise<void> {
  await mkdir(stackFolder(), { recursive: true, mode: 0o700 });
  if (!existsSync(stackFolder("passphrase"))) {
    await writePrivate(stackFolder("passphrase"), randomBytes(32).toString("hex"));
  }
  const recorded = await recordedCluster();
  if (recorded !== undefined && recorded !== cluster) {
    throw new OperatorError({
      what: `the sandbox's stack was made with --cluster=${recorded}`,
      where: stackFolder(),
      remedy: `keep --cluster=${recorded}, or delete what is there first: make reset`,
    });
  }
  refuseRemoval(layersIn(await previousSettings()), layers);
  await writeFile(stackFolder("cluster"), cluster);
  // Stack commands run here, so that the engine writes its settings here and not into the checkout.
  await writeFile(stackFolder("Pulumi.yaml"), "name: bibind\nruntime: nodejs\n");
}

async function recordedCluster(): Promise<ClusterChoice | undefined> {
  const text = await readFile(stackFolder("cluster"), "utf8").catch(() => "");
  return text === "machine" || text === "existing" ? text : undefined;
}

async function committedSettings(): Promise<string> {
  return readFile(join(projectFolder, "Pulumi.sandbox.yaml"), "utf8");
}

/** Text of the stack's own copy of the settings; empty when there is none. */
async function previousSettings(): Promise<string> {
  return existsSync(settingsFile()) ? readFile(settingsFile(), "utf8") : "";
}

/** Layers of the committed settings. */
export async function allLayers(): Promise<string[]> {
  return layersIn(await committedSettings());
}

/** What the stack was made for; everything on the machine when there is no stack. */
export async function recordedChoice(): Promise<StackChoice> {
  const layers = layersIn(await previousSettings());
  return {
    cluster: (await recordedCluster()) ?? "machine",
    layers: layers.length > 0 ? layers : await allLayers(),
  };
}

async function kubeconfig(): Promise<string> {
  const given = process.env.KUBECONFIG?.split(":")[0];
  const file = given === undefined || given === "" ? join(homedir(), ".kube", "config") : given;
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OperatorError(
      {
        what: "there is no kubeconfig of an existing cluster",
        where: file,
        remedy: "point KUBECONFIG at one, or leave CLUSTER=existing out to get a cluster",
      },
      { cause },
    );
  }
}

async function writeSettings(engine: Engine, choice: StackChoice, isSecretFresh: boolean): Promise<void> {
  const { cluster } = choice;
  const keys = await machineKeys(knownHost.name);
  const settings = renderSettings(await committedSettings(), await previousSettings(), choice, keys.hostPublicKey);
  await writePrivate(settingsFile(), settings);
  if (!isSecretFresh && holdsSecret(settings, cluster)) {
    return;
  }
  const secret = cluster === "machine" ? await readFile(keys.adminKeyFile, "utf8") : await kubeconfig();
  const set = ["config", "set", "--stack", stackName, "--path", secretName(cluster), "--secret", "--raw"];
  await runOnStack(engine, set, secret);
  await chmod(settingsFile(), 0o600);
}

/**
 * Makes the stack ready for the engine: passphrase, stack, settings of this checkout with this machine's secrets, and no
 * trace of an update that was killed. Can be run again after a kill at any point.
 *
 * @throws OperatorError when an engine works on the stack, or when the choice leaves out what the stack has; nothing is
 * touched before
 */
export async function prepareStack(engine: Engine, choice: StackChoice): Promise<void> {
  // A kubeconfig given again may be another one; the machine's key stays the same.
  const isSecretFresh = choice.cluster === "existing";
  const running = await runningEngine();
  if (running !== undefined) {
    throw new OperatorError({
      what: "another update of the sandbox's stack is running",
      where: `process ${running}`,
      remedy: "wait until it ends, or stop it, then run again",
    });
  }
  await prepareFolder(choice);
  await removeLeftovers(stackFolder(".pulumi"));
  await restoreBrokenState(stateFile());
  if (!existsSync(stateFile())) {
    await runOnStack(engine, ["stack", "init", stackName, "--no-select"]);
  }
  await writeSettings(engine, choice, isSecretFresh);
  await releaseStaleLock(engine);
  await clearPendingOperations(engine);
}
