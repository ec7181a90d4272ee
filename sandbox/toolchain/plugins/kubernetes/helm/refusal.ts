import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { textAt, type JsonObject } from "../manifest/json.ts";
import { HelmError } from "./program.ts";

/** The name of a release in messages. */
export function releaseText(inputs: JsonObject): string {
  return `Release "${textAt(inputs, "name") ?? ""}" in namespace "${textAt(inputs, "namespace") ?? ""}"`;
}

/** Turns a failure of helm into an OperatorError. Returns any other error unchanged. */
export function explained(error: unknown, inputs: JsonObject, server: string): unknown {
  if (!(error instanceof HelmError)) {
    return error;
  }
  const chart = textAt(inputs, "chart") ?? "";
  const [what, remedy] = whatAndRemedy(error.output, chart);
  const where = `${releaseText(inputs)}, chart "${chart}", ${server}`;
  return new OperatorError({ what, where, remedy });
}

function whatAndRemedy(output: string, chart: string): [string, string] {
  const refused = refusedValues(output);
  if (refused.length > 0) {
    return [`The chart "${chart}" refuses its values: ${refused.join("; ")}.`, "Correct `values` of the release."];
  }
  const message = lastError(output);
  if (/context deadline exceeded|timed out waiting/.test(message)) {
    return [
      "Its objects did not become ready in time.",
      "Check the pods below. To allow more time, set `timeout` or customTimeouts.",
    ];
  }
  if (/re-use a name that is still in use/.test(message)) {
    return [
      "A release of this name already exists.",
      "Import it (`pulumi import`), uninstall it, or choose another name.",
    ];
  }
  if (/cluster unreachable|connection refused.*api/i.test(message)) {
    return [
      `Helm cannot reach the cluster: ${message}`,
      "Check that the cluster is running and the kubeconfig is correct.",
    ];
  }
  if (
    /not found in .* repository|is not a valid chart repository|failed to fetch|path ".*" not found|chart ".*" version/.test(
      message,
    )
  ) {
    return [`Helm cannot get the chart: ${message}`, "Correct chart, version or repositoryOpts.repo of the release."];
  }
  return [`Helm failed: ${message}`, "Correct the release's properties, then run again."];
}

/**
 * The values that a chart's schema refuses, one phrase each. Helm writes `- at '/image': additional properties 'tgg'
 * not allowed` (from 3.18) or `- image: Additional property tgg is not allowed`.
 */
export function refusedValues(output: string): string[] {
  if (!output.includes("meet the specifications of the schema")) {
    return [];
  }
  return output.split("\n").flatMap((line) => {
    const text = /^\s*- (.*)$/.exec(line)?.[1];
    return text === undefined ? [] : valuePhrases(text);
  });
}

function valuePhrases(text: string): string[] {
  const [, location = "", problem = ""] = /^at '([^']*)': (.*)$/.exec(text) ??
    /^([^:]+): (.*)$/.exec(text) ?? ["", "", text];
  const path = ["(root)", ""].includes(location) ? [] : location.split(/[/.]/).filter((part) => part !== "");
  const names = [...problem.matchAll(/additional propert(?:y|ies) ((?:'[^']*'(?:, )?)+|\S+)/gi)]
    .flatMap((match) => (match[1] ?? "").split(", "))
    .map((name) => name.replaceAll("'", ""));
  if (names.length > 0) {
    return names.map((name) => `${[...path, name].join(".")} is not a value of this chart`);
  }
  return [`${path.length === 0 ? "values" : path.join(".")}: ${problem}`];
}

/** Helm's error without the warnings and notes around it. */
function lastError(output: string): string {
  const start = output.lastIndexOf("Error: ");
  return (start < 0 ? output : output.slice(start + "Error: ".length))
    .replace(/^(INSTALLATION|UPGRADE) FAILED: /, "")
    .trim();
}

/** Whether a dry run failed because the cluster is not complete yet, as in a first preview. */
export function isPremature(error: unknown): boolean {
  return (
    error instanceof HelmError &&
    /no matches for kind|ensure CRDs are installed|namespaces ".*" not found|failed calling webhook/.test(error.output)
  );
}
