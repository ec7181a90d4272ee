import { InitializationError, type CheckFailure, type DiffResult, type ResourceContext } from "../../server/plugin.ts";
import { unknown } from "../../server/values.ts";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { troubles } from "../await/diagnose.ts";
import { containsUnknown, equal, textAt, withoutNullMembers, type JsonObject } from "../manifest/json.ts";
import { automaticName } from "../manifest/naming.ts";
import { pathText } from "../../server/paths.ts";
import { changesBetween } from "../../server/changes.ts";
import type { Cluster, Target } from "../provider/target.ts";
import { localDigest } from "./chart.ts";
import { HelmError } from "./program.ts";
import { CHART_DIGEST, releaseFaults } from "./properties.ts";
import { resourceNames, type ReleaseRecord } from "./record.ts";
import { isInterrupted, ready } from "./recover.ts";
import { explained, isPremature, releaseText } from "./refusal.ts";
import { HelmSession, sentValues } from "./session.ts";

/** Helm's own bound for a release name. */
const LONGEST_NAME = 53;
const GONE = ["uninstalled"];

/** Completes the inputs of a release (name, namespace) and refuses properties that are not supported. */
export async function check(
  context: ResourceContext,
  olds: JsonObject,
  news: JsonObject,
  randomSeed: Uint8Array,
  target: Target,
): Promise<{ inputs: JsonObject; failures: CheckFailure[] }> {
  const given = news.allowNullValues === true ? news : withoutNullMembers(news);
  const faults = releaseFaults(given);
  const digest = localDigest(given);
  const inputs = {
    ...given,
    name: given.name ?? olds.name ?? automaticName(context.name, randomSeed, LONGEST_NAME),
    namespace: given.namespace ?? (await target.defaultNamespace()),
    ...(digest === undefined ? {} : { [CHART_DIGEST]: digest }),
  };
  return { inputs, failures: faults.map((reason) => ({ property: "", reason })) };
}

/** Another name or namespace is another release; everything else is an upgrade, and so is a release that is not well. */
export function diff(oldInputs: JsonObject, oldOutputs: JsonObject, news: JsonObject): DiffResult {
  const changes = changesBetween(oldInputs, news);
  const status = textAt(oldOutputs, "status", "status");
  const unwell = status !== undefined && status !== "deployed";
  const replaces = ["name", "namespace"].filter((name) => changes.some(({ path }) => path[0] === name));
  const diffs = [...new Set(changes.map(({ path }) => String(path[0]))), ...(unwell ? ["status"] : [])];
  const detailed = changes.map(({ path, kind }) => {
    const shown = replaces.includes(String(path[0])) ? (`${kind}-replace` as const) : kind;
    return [pathText(path), { kind: shown, inputDiff: true }] as const;
  });
  return {
    changes: diffs.length > 0,
    replaces,
    diffs,
    detailed: {
      ...Object.fromEntries(detailed),
      ...(unwell ? { "status.status": { kind: "update" as const, inputDiff: false } } : {}),
    },
  };
}

export async function create(
  context: ResourceContext,
  inputs: JsonObject,
  target: Target,
): Promise<{ id: string; outputs: JsonObject }> {
  if (context.preview) {
    return { id: "", outputs: await planned(context, inputs, target) };
  }
  const cluster = await target.cluster();
  const session = new HelmSession(context, inputs, target, cluster);
  const [latest] = await session.revisions();
  const exists = latest !== undefined && !GONE.includes(latest.status);
  if (exists && latest.owner !== session.owner && inputs.replace !== true) {
    throw alreadyExists(inputs);
  }
  return { id: idOf(inputs), outputs: await brought(context, inputs, session, cluster) };
}

export async function update(
  context: ResourceContext,
  id: string,
  inputs: JsonObject,
  target: Target,
): Promise<{ outputs: JsonObject }> {
  if (context.preview) {
    return { outputs: await planned(context, inputs, target) };
  }
  const cluster = await target.cluster();
  return {
    outputs: await brought(context, placed(inputs, id), new HelmSession(context, inputs, target, cluster), cluster),
  };
}

/** Installs or upgrades, whatever a killed run left behind. @throws InitializationError when a revision was left unwell */
async function brought(
  context: ResourceContext,
  inputs: JsonObject,
  session: HelmSession,
  cluster: Cluster,
): Promise<JsonObject> {
  const before = (await session.revisions())[0]?.revision ?? 0;
  try {
    const verb = await ready(session, context, inputs);
    await (verb === "install" ? session.install() : session.upgrade());
  } catch (error) {
    const [latest] = await session.revisions().catch(() => []);
    if (latest === undefined || latest.revision === before) {
      throw explained(error, inputs, cluster.api.server);
    }
    throw await unwell(error, inputs, latest, cluster);
  }
  const [latest] = await session.revisions();
  if (latest === undefined) {
    throw new Error(`helm left no record of ${releaseText(inputs)}`);
  }
  return outputsOf(inputs, latest);
}

async function unwell(error: unknown, inputs: JsonObject, latest: ReleaseRecord, cluster: Cluster): Promise<unknown> {
  const shown = explained(error, inputs, cluster.api.server);
  const head = shown instanceof OperatorError ? shown.parts.what : String(error);
  const selector = `app.kubernetes.io/instance=${latest.name}`;
  const object = { kind: "Release", metadata: { namespace: latest.namespace } };
  const why = error instanceof HelmError ? await troubles(object, selector, cluster.api).catch(() => []) : [];
  const reasons = [head, ...why].map((reason) => `${releaseText(inputs)}: ${reason}`);
  return new InitializationError(
    `${releaseText(inputs)} is ${latest.status}: ${head}`,
    { id: idOf(inputs), inputs, outputs: await outputsOf(inputs, latest), reasons },
    { cause: error },
  );
}

/** What a preview can know; helm renders the chart and checks the values, without changing anything. */
async function planned(context: ResourceContext, inputs: JsonObject, target: Target): Promise<JsonObject> {
  const outputs = { ...inputs, status: unknown, resourceNames: unknown };
  if (!target.isKnown || containsUnknown(inputs)) {
    return outputs;
  }
  const cluster = await target.cluster();
  const session = new HelmSession(context, inputs, target, cluster);
  const [latest] = await session.revisions();
  const exists = latest !== undefined && !GONE.includes(latest.status);
  try {
    await (exists && !latest.status.startsWith("pending") ? session.upgrade(true) : session.install(true));
  } catch (error) {
    if (!isPremature(error) && !(exists && latest.status.startsWith("pending"))) {
      throw explained(error, inputs, cluster.api.server);
    }
  }
  return outputs;
}

/** The release as it is now; undefined when it is gone. Values and version that were changed by hand show as inputs. */
export async function read(
  context: ResourceContext,
  id: string,
  inputs: JsonObject,
  _outputs: JsonObject,
  target: Target,
): Promise<{ id: string; inputs: JsonObject; outputs: JsonObject } | undefined> {
  const cluster = await target.cluster();
  const known = placed(inputs, id);
  const [latest] = await new HelmSession(context, known, target, cluster).revisions();
  if (latest === undefined || GONE.includes(latest.status)) {
    return undefined;
  }
  const current = inputs.chart === undefined ? adopted(known, latest) : drifted(known, latest);
  return { id, inputs: current, outputs: await outputsOf(current, latest) };
}

function adopted(known: JsonObject, latest: ReleaseRecord): JsonObject {
  const { chart, values } = latest;
  return { ...known, chart: chart.name, version: chart.version, ...(Object.keys(values).length > 0 ? { values } : {}) };
}

/** A failed or pending revision shows by its status; its values are those that were asked for, not those that run. */
export function drifted(inputs: JsonObject, latest: ReleaseRecord): JsonObject {
  const wanted = withoutNullMembers(sentValues(inputs));
  const live = withoutNullMembers(latest.values);
  const sameValues = inputs.reuseValues === true ? includes(live, wanted) : equal(wanted, live);
  const version = textAt(inputs, "version")?.replace(/^v/, "");
  const otherVersion =
    version !== undefined && /^\d+\.\d+\.\d+/.test(version) && version !== latest.chart.version.replace(/^v/, "");
  return {
    ...inputs,
    ...(sameValues ? {} : { values: latest.values }),
    ...(otherVersion ? { version: latest.chart.version } : {}),
  };
}

function includes(whole: JsonObject, part: JsonObject): boolean {
  return changesBetween(part, whole).every((change) => change.kind === "add");
}

/** Uninstalls and waits; a release that is not there is gone already. */
export async function remove(context: ResourceContext, id: string, inputs: JsonObject, target: Target): Promise<void> {
  const cluster = await target.cluster();
  const known = placed(inputs, id);
  const session = new HelmSession(context, known, target, cluster);
  const [latest] = await session.revisions();
  if (latest === undefined || GONE.includes(latest.status)) {
    return;
  }
  try {
    if (isInterrupted(latest)) {
      await session.removeHookPrograms(latest);
    }
    await session.uninstall();
  } catch (error) {
    if (!(error instanceof HelmError && /release: not found/.test(error.output))) {
      throw explained(error, known, cluster.api.server);
    }
  }
}

function idOf(inputs: JsonObject): string {
  return `${textAt(inputs, "namespace") ?? ""}/${textAt(inputs, "name") ?? ""}`;
}

/** The inputs with name and namespace of the id, for a state that lacks them (an import). */
function placed(inputs: JsonObject, id: string): JsonObject {
  const [namespace = "", name = ""] = id.split("/");
  return { namespace, name, ...inputs };
}

async function outputsOf(inputs: JsonObject, record: ReleaseRecord): Promise<JsonObject> {
  const { name, namespace, revision, status, chart } = record;
  const shown = { name, namespace, revision, status, chart: chart.name, version: chart.version };
  return {
    version: chart.version,
    ...inputs,
    status: { ...shown, appVersion: chart.appVersion },
    resourceNames: await resourceNames(record),
  };
}

function alreadyExists(inputs: JsonObject): OperatorError {
  return new OperatorError({
    what: `${releaseText(inputs)} already exists and was not installed by this resource.`,
    where: releaseText(inputs),
    remedy: "Take it over with `pulumi import`, uninstall it, or choose another name.",
  });
}
