import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { objectAt, textAt, type JsonObject } from "../manifest/json.ts";
import { unlinkedFile, type UnlinkedFile } from "./files.ts";
import { needsLogin } from "./arguments.ts";

/** Digest of a chart in a local folder or archive; undefined for a chart from a repository. */
export function localDigest(inputs: JsonObject): string | undefined {
  const chart = textAt(inputs, "chart");
  if (chart === undefined || !isLocal(inputs)) {
    return undefined;
  }
  const hash = createHash("sha256");
  for (const file of filesUnder(chart)) {
    hash.update(file.slice(chart.length)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

/** Whether the chart is local. Helm's rule: an existing path, when no repository is set. */
export function isLocal(inputs: JsonObject): boolean {
  const chart = textAt(inputs, "chart");
  const repo = textAt(inputs, "repositoryOpts", "repo");
  return chart !== undefined && !repo && !chart.includes("://") && existsSync(chart);
}

function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
}

/** How helm finds a chart: its reference, and the files and flags for a repository with a password. */
export interface ChartSource {
  readonly chart: string;
  readonly files: readonly UnlinkedFile[];
  /** Flags that name those files. */
  readonly flags: readonly string[];
  /** Name of the repository whose index helm must download first. */
  readonly repository?: string;
}

/** Passes credentials to helm in unlinked files. Every user could read them on the command line. */
export function chartSource(inputs: JsonObject): ChartSource {
  const chart = textAt(inputs, "chart") ?? "";
  if (!needsLogin(inputs)) {
    return { chart, files: [], flags: [] };
  }
  return chart.startsWith("oci://") ? registrySource(inputs, chart) : repositorySource(inputs, chart);
}

function registrySource(inputs: JsonObject, chart: string): ChartSource {
  const { username = "", password = "" } = login(inputs);
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const file = unlinkedFile(JSON.stringify({ auths: { [new URL(chart).host]: { auth } } }));
  return { chart, files: [file], flags: ["--registry-config", file.path] };
}

function repositorySource(inputs: JsonObject, chart: string): ChartSource {
  const options = objectAt(inputs, "repositoryOpts");
  const url = textAt(options, "repo") ?? "";
  const repository = `bibind-${createHash("sha256").update(url).digest("hex").slice(0, 10)}`;
  const { caFile, certFile, keyFile } = options;
  const entry = { name: repository, url, ...login(inputs), caFile, certFile, keyFile };
  const file = unlinkedFile(JSON.stringify({ apiVersion: "", generated: new Date(0), repositories: [entry] }));
  const flags = ["--repository-config", file.path];
  return { chart: `${repository}/${basename(chart)}`, files: [file], flags, repository };
}

function login(inputs: JsonObject): { username?: string; password?: string } {
  const options = objectAt(inputs, "repositoryOpts");
  return { username: textAt(options, "username"), password: textAt(options, "password") };
}
