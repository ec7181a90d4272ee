import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { projectFolder } from "../../builds/folders.ts";
import { machineKeys } from "../../machine/keys.ts";
import { knownHost } from "../known-host.ts";
import { runOnStack, type Engine } from "./engine.ts";
import { settingsFile, stackFolder, stackName, stateFile } from "./folder.ts";
import { releaseStaleLock } from "./engine-lock.ts";
import { recordedCluster } from "./recorded-cluster.ts";
import { clearPendingOperations, removeLeftovers, restoreBrokenState } from "./repair.ts";
import { refuseRemoval } from "./layers.ts";
import { writePrivate } from "./private-file.ts";
import { readSettingsFile } from "./settings-file.ts";
import { holdsSecret, layersIn, renderSettings, secretName, type StackChoice } from "./settings.ts";

async function prepareFolder({ cluster, layers }: StackChoice): Promise<void> {
  await mkdir(stackFolder(), { recursive: true, mode: 0o700 });
  if (!existsSync(stackFolder("passphrase"))) {
    await writePrivate(stackFolder("passphrase"), randomBytes(32).toString("hex"));
  }
  const recorded = await recordedCluster();
  if (recorded !== undefined && recorded !== cluster) {
    throw new OperatorError({
      what: `the sandbox's stack was created with --cluster=${recorded}`,
      where: stackFolder(),
      remedy: `use --cluster=${recorded}, or delete the stack first: make reset`,
    });
  }
  refuseRemoval(layersIn(await previousSettings()), layers);
  // Stack commands run in this folder, so the engine writes the settings here and not into the checkout.
  await writeFile(stackFolder("Pulumi.yaml"), "name: bibind\nruntime: nodejs\n");
}

async function committedSettings(): Promise<string> {
  return readSettingsFile(join(projectFolder, "Pulumi.sandbox.yaml"));
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
        what: "the kubeconfig of the existing cluster cannot be read",
        where: file,
        remedy: "set KUBECONFIG to its path, or leave out CLUSTER=existing to deploy on the sandbox's machine",
      },
      { cause },
    );
  }
}

async function writeSettings(engine: Engine, choice: StackChoice): Promise<void> {
  const { cluster } = choice;
  const keys = await machineKeys(knownHost.name);
  const settings = renderSettings(await committedSettings(), await previousSettings(), choice, keys.hostPublicKey);
  await writePrivate(settingsFile(), settings);
  // The kubeconfig can change between two runs. The machine's key stays the same.
  if (cluster === "machine" && holdsSecret(settings, cluster)) {
    return;
  }
  const secret = cluster === "machine" ? await readFile(keys.adminKeyFile, "utf8") : await kubeconfig();
  const set = ["config", "set", "--stack", stackName, "--path", secretName(cluster), "--secret", "--raw"];
  await runOnStack(engine, set, secret);
  await chmod(settingsFile(), 0o600);
}

/**
 * Prepares the stack for the engine: creates its passphrase and the stack, writes the settings of this checkout with
 * the secret of this machine, and repairs what a killed update left. It can run again after a kill at any point. It must
 * run while this process holds the sandbox.
 *
 * @throws OperatorError when the choice leaves out what the stack has; nothing is changed then
 */
export async function prepareStack(engine: Engine, choice: StackChoice): Promise<void> {
  await prepareFolder(choice);
  await removeLeftovers(stackFolder(".pulumi"));
  await restoreBrokenState(stateFile());
  if (!existsSync(stateFile())) {
    await runOnStack(engine, ["stack", "init", stackName, "--no-select"]);
  }
  await writeSettings(engine, choice);
  // Only now: a stack that never had its kubeconfig belongs to no cluster yet.
  await writePrivate(stackFolder("cluster"), choice.cluster);
  await releaseStaleLock(engine);
  await clearPendingOperations(engine);
}
