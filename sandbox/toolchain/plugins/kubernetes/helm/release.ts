import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { InitializationError, type ResourceContext, type ResourceState } from "../../server/plugin.ts";
import { unknown } from "../../server/values.ts";
import { problemsOf } from "../await/diagnose.ts";
import { containsUnknown, textAt, type JsonObject } from "../manifest/json.ts";
import type { Cluster, Target } from "../provider/target.ts";
import { driftedInputs, importedInputs } from "./drift.ts";
import { HelmError } from "./program.ts";
import { resourceNames, type ReleaseRecord } from "./record.ts";
import { recover } from "./recover.ts";
import { explained, isPremature, releaseText } from "./refusal.ts";
import { HelmSession } from "./session.ts";

/** Whether the release exists. Helm can also keep the history of an uninstalled release. */
function exists(latest: ReleaseRecord | undefined): latest is ReleaseRecord {
  return latest !== undefined && latest.status !== "uninstalled";
}

export async function createRelease(
  context: ResourceContext,
  inputs: JsonObject,
  target: Target,
): Promise<{ id: string; outputs: JsonObject }> {
  if (context.preview) {
    return { id: "", outputs: await plannedOutputs(context, inputs, target) };
  }
  const cluster = await target.cluster();
  const session = new HelmSession(context, inputs, target, cluster);
  const [latest] = await session.revisions();
  if (exists(latest) && latest.owner !== session.owner && inputs.replace !== true) {
    throw alreadyExists(inputs);
  }
  return { id: idOf(inputs), outputs: await installOrUpgrade(context, inputs, session, cluster) };
}

export async function updateRelease(
  context: ResourceContext,
  id: string,
  inputs: JsonObject,
  target: Target,
): Promise<{ outputs: JsonObject }> {
  if (context.preview) {
    return { outputs: await plannedOutputs(context, inputs, target) };
  }
  const cluster = await target.cluster();
  const named = withNameOf(id, inputs);
  const session = new HelmSession(context, named, target, cluster);
  return { outputs: await installOrUpgrade(context, named, session, cluster) };
}

/**
 * Recovers from an interrupted run if necessary, then installs or upgrades the release.
 *
 * @throws InitializationError when the new revision is unhealthy
 */
async function installOrUpgrade(
  context: ResourceContext,
  inputs: JsonObject,
  session: HelmSession,
  cluster: Cluster,
): Promise<JsonObject> {
  const before = (await session.revisions())[0]?.revision ?? 0;
  try {
    const verb = await recover(session, context, inputs);
    await (verb === "install" ? session.install() : session.upgrade());
  } catch (error) {
    const [latest] = await session.revisions().catch(() => []);
    if (latest === undefined || latest.revision === before) {
      throw explained(error, inputs, cluster.api.server);
    }
    throw await unhealthy(error, inputs, latest, cluster);
  }
  const [latest] = await session.revisions();
  if (latest === undefined) {
    throw new Error(`helm left no record of ${releaseText(inputs)}`);
  }
  return outputsOf(inputs, latest);
}

async function unhealthy(
  error: unknown,
  inputs: JsonObject,
  latest: ReleaseRecord,
  cluster: Cluster,
): Promise<InitializationError> {
  const explanation = explained(error, inputs, cluster.api.server);
  const head = explanation instanceof OperatorError ? explanation.parts.what : String(error);
  const selector = `app.kubernetes.io/instance=${latest.name}`;
  const object = { kind: "Release", metadata: { namespace: latest.namespace } };
  const problems = error instanceof HelmError ? await problemsOf(object, selector, cluster.api).catch(() => []) : [];
  const reasons = [head, ...problems].map((reason) => `${releaseText(inputs)}: ${reason}`);
  return new InitializationError(
    `${releaseText(inputs)} is ${latest.status}: ${head}`,
    { id: idOf(inputs), inputs, outputs: await outputsOf(inputs, latest), reasons },
    { cause: error },
  );
}

/** The outputs that a preview knows. Helm renders the chart and validates the values in a dry run. */
async function plannedOutputs(context: ResourceContext, inputs: JsonObject, target: Target): Promise<JsonObject> {
  const outputs = { ...inputs, status: unknown, resourceNames: unknown };
  if (!target.isKnown || containsUnknown(inputs)) {
    return outputs;
  }
  const cluster = await target.cluster();
  const session = new HelmSession(context, inputs, target, cluster);
  const [latest] = await session.revisions();
  const isPending = latest?.status.startsWith("pending") === true;
  try {
    await (exists(latest) && !isPending ? session.upgrade(true) : session.install(true));
  } catch (error) {
    if (!isPremature(error) && !isPending) {
      throw explained(error, inputs, cluster.api.server);
    }
  }
  return outputs;
}

/**
 * @returns the live release, whose inputs include values and a version that were changed by hand; undefined when it is
 * gone
 */
export async function readRelease(
  context: ResourceContext,
  id: string,
  inputs: JsonObject,
  target: Target,
): Promise<ResourceState | undefined> {
  const cluster = await target.cluster();
  const named = withNameOf(id, inputs);
  const [latest] = await new HelmSession(context, named, target, cluster).revisions();
  if (!exists(latest)) {
    return undefined;
  }
  const current = inputs.chart === undefined ? importedInputs(named, latest) : driftedInputs(named, latest);
  return { id, inputs: current, outputs: await outputsOf(current, latest) };
}

/** Uninstalls the release and waits until it is gone. Succeeds when it does not exist. */
export async function deleteRelease(
  context: ResourceContext,
  id: string,
  inputs: JsonObject,
  target: Target,
): Promise<void> {
  const cluster = await target.cluster();
  const named = withNameOf(id, inputs);
  const session = new HelmSession(context, named, target, cluster);
  const [latest] = await session.revisions();
  if (!exists(latest)) {
    return;
  }
  try {
    await session.uninstall(latest);
  } catch (error) {
    if (!(error instanceof HelmError && /release: not found/.test(error.output))) {
      throw explained(error, named, cluster.api.server);
    }
  }
}

function idOf(inputs: JsonObject): string {
  return `${textAt(inputs, "namespace") ?? ""}/${textAt(inputs, "name") ?? ""}`;
}

/** Adds the name and namespace from the id, because the inputs of an import do not have them. */
function withNameOf(id: string, inputs: JsonObject): JsonObject {
  const [namespace = "", name = ""] = id.split("/");
  return { namespace, name, ...inputs };
}

async function outputsOf(inputs: JsonObject, record: ReleaseRecord): Promise<JsonObject> {
  const { name, namespace, revision, status, chart } = record;
  return {
    version: chart.version,
    ...inputs,
    status: {
      ...{ name, namespace, revision, status, chart: chart.name, version: chart.version },
      appVersion: chart.appVersion,
    },
    resourceNames: await resourceNames(record),
  };
}

function alreadyExists(inputs: JsonObject): OperatorError {
  return new OperatorError({
    what: `${releaseText(inputs)} already exists and was not installed by this resource.`,
    where: releaseText(inputs),
    remedy: "Import it with `pulumi import`, uninstall it, or choose another name.",
  });
}
