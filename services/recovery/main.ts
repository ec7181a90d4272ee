/**
 * Lets Pulumi go on with Helm releases whose install, upgrade or removal was killed. The vendor's Kubernetes plugin
 * refuses them for ever ("another operation is in progress", "has no deployed releases").
 *
 * It reads the outputs of the layer foundation from standard input: see `make unstick`. With `--now` it does not wait
 * until no run can work on a release any more.
 */
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { CoreV1Api, KubeConfig, type RequestContext } from "@kubernetes/client-node";
import { z } from "zod";
import { deployer } from "../../components/cluster/deployer.ts";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { canBeAlive, longestOperation, stuckReleases, unstick } from "./stuck-releases.ts";

/** A kubeconfig that acts as the deployer. client-node 1.3 sends the name of the user to act as, and not the groups. */
class DeployerConfig extends KubeConfig {
  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    if (this.getCurrentUser()?.impersonateUser === deployer.user) {
      context.setHeaderParam("Impersonate-Group", deployer.groups.join());
    }
  }
}

const outputsSchema = z.object({ kubeconfig: z.string() });

/** The API of the cluster whose kubeconfig is among the outputs. @throws OperatorError when the text is something else */
function clusterApi(outputs: string): CoreV1Api {
  try {
    const config = new DeployerConfig();
    config.loadFromString(outputsSchema.parse(JSON.parse(outputs)).kubeconfig);
    return config.makeApiClient(CoreV1Api);
  } catch {
    // No cause is attached: it could quote the kubeconfig.
    throw new OperatorError({
      what: "there is no kubeconfig on standard input",
      where: "the outputs of the layer foundation",
      remedy: "pulumi stack output foundation --json --show-secrets | node services/recovery/main.ts",
    });
  }
}

/** Repairs what no run works on any more. @returns whether nothing is left */
async function repair(api: CoreV1Api, isSure: boolean): Promise<boolean> {
  const stuck = await stuckReleases(api);
  const alive = stuck.filter((release) => !isSure && canBeAlive(release, Date.now()));
  for (const release of stuck.filter((candidate) => !alive.includes(candidate))) {
    process.stdout.write(`${await unstick(api, release)}\n`);
  }
  for (const { title, writtenAt } of alive) {
    const end = new Date(writtenAt + longestOperation).toISOString().slice(11, 19);
    const advice = `run this again after ${end} UTC, or with --now if no pulumi works on the platform`;
    process.stdout.write(`${title}: a run may still work on it; ${advice}\n`);
  }
  if (stuck.length === 0) {
    process.stdout.write("no Helm release of the platform is stuck\n");
  }
  return alive.length === 0;
}

try {
  const { values } = parseArgs({ options: { now: { type: "boolean", default: false } } });
  process.exitCode = (await repair(clusterApi(await text(process.stdin)), values.now)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof OperatorError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
