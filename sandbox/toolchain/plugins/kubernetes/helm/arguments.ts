import { objectAt, textAt, type JsonObject } from "../manifest/json.ts";
import { OWNER_LABEL } from "./record.ts";

/** Paths of files that the helm program reads; none of them is a secret in itself. */
export interface HelmFiles {
  readonly kubeconfig: string;
  readonly values: string;
}

export interface HelmCall {
  readonly inputs: JsonObject;
  readonly files: HelmFiles;
  readonly context: string;
  readonly timeoutSeconds: number;
  /** Major version of the helm program: some flags changed names in 4. */
  readonly major: number;
  readonly owner: string;
  /** Chart as the program is to find it, when it is not simply the input's (a repository that needs a password). */
  readonly chart: string;
  readonly dryRun: boolean;
}

export function installArguments(call: HelmCall): string[] {
  return [
    "install",
    ...common(call),
    ...flag(call.inputs, "createNamespace", "--create-namespace"),
    ...flag(call.inputs, "replace", "--replace"),
  ];
}

export function upgradeArguments(call: HelmCall): string[] {
  const { inputs } = call;
  const keepsValues = inputs.reuseValues === true && inputs.resetValues !== true;
  return [
    "upgrade",
    ...common(call),
    keepsValues ? "--reuse-values" : "--reset-values",
    ...flag(inputs, "cleanupOnFail", "--cleanup-on-fail"),
    ...(typeof inputs.maxHistory === "number" ? ["--history-max", String(inputs.maxHistory)] : []),
  ];
}

export function uninstallArguments(call: Omit<HelmCall, "chart" | "owner" | "dryRun">): string[] {
  const { inputs } = call;
  return [
    "uninstall",
    textAt(inputs, "name") ?? "",
    ...place(call),
    ...(inputs.skipAwait === true ? [] : ["--wait"]),
    ...flag(inputs, "disableWebhooks", "--no-hooks"),
    "--timeout",
    `${call.timeoutSeconds}s`,
  ];
}

export function rollbackArguments(call: Omit<HelmCall, "chart" | "owner" | "dryRun">, revision: number): string[] {
  return [
    "rollback",
    textAt(call.inputs, "name") ?? "",
    String(revision),
    ...place(call),
    "--timeout",
    `${call.timeoutSeconds}s`,
  ];
}

function common(call: HelmCall): string[] {
  const { inputs, major } = call;
  const atomic = major >= 4 ? "--rollback-on-failure" : "--atomic";
  const force = major >= 4 ? "--force-replace" : "--force";
  return [
    textAt(inputs, "name") ?? "",
    call.chart,
    ...place(call),
    "--values",
    call.files.values,
    "--timeout",
    `${call.timeoutSeconds}s`,
    "--labels",
    `${OWNER_LABEL}=${call.owner}`,
    ...chartSource(inputs),
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

function place(call: { inputs: JsonObject; files: HelmFiles; context: string }): string[] {
  return [
    "--namespace",
    textAt(call.inputs, "namespace") ?? "default",
    "--kubeconfig",
    call.files.kubeconfig,
    ...(call.context === "" ? [] : ["--kube-context", call.context]),
  ];
}

/** The repository by its address; one with a password is registered in a private file instead (see `repository.ts`). */
function chartSource(inputs: JsonObject): string[] {
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

/** Whether the chart's repository wants a user: its password must not appear in the process list. */
export function needsLogin(inputs: JsonObject): boolean {
  return Boolean(textAt(inputs, "repositoryOpts", "username") ?? textAt(inputs, "repositoryOpts", "password"));
}

function flag(inputs: JsonObject, property: string, name: string): string[] {
  return inputs[property] === true ? [name] : [];
}
