import { differences } from "../../server/differences.ts";
import type { CheckResult, DiffResult, ResourceContext } from "../../server/plugin.ts";
import { textAt, withoutNullMembers, type JsonObject } from "../manifest/json.ts";
import { automaticName } from "../manifest/naming.ts";
import type { Target } from "../provider/target.ts";
import { localDigest } from "./chart.ts";
import { CHART_DIGEST, releaseFaults } from "./properties.ts";

/** Helm's limit for the name of a release. */
const LONGEST_NAME = 53;

/** Completes the inputs of a release with its name and namespace, and refuses unsupported properties. */
export async function checkRelease(
  context: ResourceContext,
  olds: JsonObject,
  news: JsonObject,
  randomSeed: Uint8Array,
  target: Target,
): Promise<CheckResult> {
  const given = news.allowNullValues === true ? news : withoutNullMembers(news);
  const digest = localDigest(given);
  const inputs = {
    ...given,
    name: given.name ?? olds.name ?? automaticName(context.name, randomSeed, LONGEST_NAME),
    namespace: given.namespace ?? (await target.defaultNamespace()),
    ...(digest === undefined ? {} : { [CHART_DIGEST]: digest }),
  };
  return { inputs, failures: releaseFaults(given).map((reason) => ({ property: "", reason })) };
}

/**
 * A new name or namespace replaces the release. Any other change upgrades it. A release that is not deployed is
 * upgraded too.
 */
export function diffRelease(oldInputs: JsonObject, oldOutputs: JsonObject, news: JsonObject): DiffResult {
  const result = differences(oldInputs, news, ["name", "namespace"]);
  const status = textAt(oldOutputs, "status", "status");
  if (status === undefined || status === "deployed") {
    return result;
  }
  return {
    ...result,
    changes: true,
    diffs: [...result.diffs, "status"],
    detailed: { ...result.detailed, "status.status": { kind: "update", inputDiff: false } },
  };
}
