import { objectAt, textAt, type JsonObject } from "../manifest/json.ts";
import { OWNER_LABEL } from "./record.ts";

/** Paths of files for the helm program. */
export interface HelmFiles {
  readonly kubeconfig: string;
  readonly values: string;
}

/** A call of the helm program for a release. */
export interface ReleaseCall {
  readonly inputs: JsonObject;
  readonly files: HelmFiles;
  readonly context: string;
  readonly timeoutSeconds: number;
  /** Major version of the helm program: version 4 renamed some flags. */
  readonly major: number;
}

/** A call that installs or upgrades a release. */
export interface ChartCall extends ReleaseCall {
  /** Value of the label `bibind-owner`. */
  readonly owner: string;
  /** Reference of the chart. It is not the input `chart` when the repository has a password. */
  readonly chart: string;
  readonly dryRun: boolean;
}

export function installArguments(call: ChartCall): string[] {
  return [
    "install",
    ...chartArguments(call),
    ...flag(call.inputs, "createNamespace", "--create-namespace"),
    ...flag(call.inputs, "replace", "--replace"),
  ];
}

export function upgradeArguments(call: ChartCall): string[] {
  const { inputs } = call;
  const keepsValues = inputs.reuseValues === true && inputs.resetValues !== true;
  return [
    "upgrade",
    ...chartArguments(call),
    keepsValues ? "--reuse-values" : "--reset-values",
    ...flag(inputs, "cleanupOnFail", "--cleanup-on-fail"),
    ...(typeof inputs.maxHistory === "number" ? ["--history-max", String(inputs.maxHistory)] : []),
  ];
}

export function uninstallArguments(call: ReleaseCall): string[] {
  const { inputs } = call;
  return [
    "uninstall",
    textAt(inputs, "name") ?? "",
    ...clusterArguments(call),
    ...(inputs.skipAwait === true ? [] : ["--wait"]),
    ...flag(inputs, "disableWebhooks", "--no-hooks"),
    "--timeout",
    `${call.timeoutSeconds}s`,
  ];
}

export function rollbackArguments(call: ReleaseCall, revision: number): string[] {
  return [
    "rollback",
    textAt(call.inputs, "name") ?? "",
    String(revision),
    ...clusterArguments(call),
    "--timeout",
    `${call.timeoutSeconds}s`,
  ];
}

function chartArguments(call: ChartCall): string[] {
  const { inputs, major } = call;
  const atomic = major >= 4 ? "--rollback-on-failure" : "--atomic";
  const force = major >= 4 ? "--force-replace" : "--force";
  return [
    textAt(inputs, "name") ?? "",
    call.chart,
    ...clusterArguments(call),
    "--values",
    call.files.values,
    "--timeout",
    `${call.timeoutSeconds}s`,
    "--labels",
    `${OWNER_LABEL}=${call.owner}`,
    ...sourceArguments(inputs),
    ...(inputs.skipAwait === true && inputs.atomic !== true ? [] : ["--wait"]),
    ...(inputs.skipAwait === true ? [] : flag(inputs, "waitForJobs", "--wait-for-jobs")),
    ...flag(inputs, "atomic", atomic),
    ...flag(inputs, "forceUpdate", force),
    ...flag(inputs, "dependencyUpdate", "--dependency-update"),
    ...flag(inputs, "disableWebhooks", "--no-hooks"),
    ...flag(inputs, "disableOpenapiValidation", "--disable-openapi-validation"),
    ...flag(inputs, "skipCrds", "--skip-crds"),
    ...(textAt(inputs, "description") === undefined ? [] : ["--description", textAt(inputs, "description") ?? ""]),
    ...(call.dryRun ? ["--dry-run=server", "--hide-secret"] : []),
  ];
}

function clusterArguments(call: { inputs: JsonObject; files: HelmFiles; context: string }): string[] {
  return [
    "--namespace",
    textAt(call.inputs, "namespace") ?? "default",
    "--kubeconfig",
    call.files.kubeconfig,
    ...(call.context === "" ? [] : ["--kube-context", call.context]),
  ];
}

/**
 * The version and the repository of the chart. A repository with a password is passed in a file instead (see
 * `chart.ts`).
 */
function sourceArguments(inputs: JsonObject): string[] {
  const options = objectAt(inputs, "repositoryOpts");
  const version = textAt(inputs, "version");
  const files = ["caFile", "certFile", "keyFile"] as const;
  const names = { caFile: "--ca-file", certFile: "--cert-file", keyFile: "--key-file" } as const;
  const repo = needsLogin(inputs) ? undefined : textAt(options, "repo");
  return [
    ...(version === undefined || version === "" ? [] : ["--version", version]),
    ...(repo === undefined || repo === "" ? [] : ["--repo", repo]),
    ...files.flatMap((file) => (textAt(options, file) ? [names[file], textAt(options, file) ?? ""] : [])),
  ];
}

/** Whether the chart's repository needs a login. Its password must not appear in the process list. */
export function needsLogin(inputs: JsonObject): boolean {
  return Boolean(textAt(inputs, "repositoryOpts", "username") ?? textAt(inputs, "repositoryOpts", "password"));
}

function flag(inputs: JsonObject, property: string, name: string): string[] {
  return inputs[property] === true ? [name] : [];
}
