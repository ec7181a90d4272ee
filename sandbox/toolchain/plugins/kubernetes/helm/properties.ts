import { Unknown } from "../../server/values.ts";
import { isObject, type Json, type JsonObject } from "../manifest/json.ts";

type Kind = "string" | "boolean" | "number" | "object";

/** Arguments of the SDK's `helm.v3.Release` that this plugin supports. */
const PROPERTIES: Readonly<Record<string, Kind>> = {
  allowNullValues: "boolean",
  atomic: "boolean",
  chart: "string",
  cleanupOnFail: "boolean",
  compat: "string",
  createNamespace: "boolean",
  dependencyUpdate: "boolean",
  description: "string",
  disableOpenapiValidation: "boolean",
  disableWebhooks: "boolean",
  forceUpdate: "boolean",
  lint: "boolean",
  maxHistory: "number",
  name: "string",
  namespace: "string",
  replace: "boolean",
  repositoryOpts: "object",
  resetValues: "boolean",
  reuseValues: "boolean",
  skipAwait: "boolean",
  skipCrds: "boolean",
  timeout: "number",
  values: "object",
  version: "string",
  waitForJobs: "boolean",
};
const REPOSITORY = ["repo", "username", "password", "caFile", "certFile", "keyFile"];

/** The input in which `check` records the digest of a local chart. A changed chart then changes the release. */
export const CHART_DIGEST = "__chartDigest";

const REFUSED: Readonly<Record<string, string>> = {
  devel: 'set the exact version ("version")',
  disableCRDHooks: "use disableWebhooks, or none",
  keyring: "provenance is not verified by this plugin",
  verify: "provenance is not verified by this plugin",
  manifest: "it is an output",
  resourceNames: "it is an output",
  postrender: "change the chart or its values instead",
  recreatePods: "let the chart change the pod template instead",
  renderSubchartNotes: "notes are not shown",
  valueYamlFiles: "set the values as `values`",
};

/** The errors in the inputs of a release, one sentence each. The chart itself validates the values. */
export function releaseFaults(inputs: JsonObject): string[] {
  const faults = Object.entries(inputs).flatMap(([name, value]) => propertyFault(name, value) ?? []);
  if (inputs.chart === undefined) {
    faults.push("chart: it is required: a chart's name (with repositoryOpts.repo), an oci:// address or a folder.");
  }
  if (isObject(inputs.repositoryOpts)) {
    const unknown = Object.keys(inputs.repositoryOpts).filter((name) => !REPOSITORY.includes(name));
    faults.push(
      ...unknown.map((name) => `repositoryOpts.${name}: it is not known; known are ${REPOSITORY.join(", ")}.`),
    );
  }
  return faults;
}

function propertyFault(name: string, value: Json): string | undefined {
  const kind = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined;
  if (kind === undefined) {
    const refused = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
    return refused === undefined
      ? `${name}: it is not a property of a Release; known are ${Object.keys(PROPERTIES).join(", ")}.`
      : `${name}: this kubernetes plugin does not support it; ${refused}.`;
  }
  const fits = value instanceof Unknown || (kind === "object" ? isObject(value) : typeof value === kind);
  return fits ? undefined : `${name}: it must be ${kind === "object" ? "an object" : `a ${kind}`}.`;
}
