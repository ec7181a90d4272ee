import { gunzipSync } from "node:zlib";
import type { ClusterReader } from "../api/client.ts";
import type { ObjectName } from "../api/errors.ts";
import { isObject, listAt, numberAt, objectAt, parseObject, textAt, type JsonObject } from "../manifest/json.ts";

/** One revision of a release. Helm (3 and 4) records it in a Secret in the release's namespace. */
export interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  /** `deployed`, `failed`, `superseded`, `pending-install`, `pending-upgrade`, `pending-rollback`, `uninstalling`, … */
  readonly status: string;
  /** Identifies the resource that installed it; undefined for a release that was installed by hand. */
  readonly owner: string | undefined;
  /** The user's values, without the chart's defaults. */
  readonly values: JsonObject;
  readonly chart: { readonly name: string; readonly version: string; readonly appVersion: string };
  readonly manifest: string;
  /** Manifests of the chart's hooks, one object each. They are not in `manifest`. */
  readonly hooks: readonly string[];
}

/** Label on Helm's record: the Pulumi resource that installed the release. */
export const OWNER_LABEL = "bibind-owner";

/** Whether an install, upgrade, rollback or removal of the release was interrupted. */
export function isInterrupted({ status }: ReleaseRecord): boolean {
  return status.startsWith("pending-") || status === "uninstalling";
}

/** All recorded revisions, newest first; empty when the release does not exist. */
export async function revisions(reader: ClusterReader, namespace: string, name: string): Promise<ReleaseRecord[]> {
  const secrets = await reader.list({ apiVersion: "v1", kind: "Secret" }, namespace, {
    labelSelector: `owner=helm,name=${name}`,
  });
  return secrets.map(decoded).toSorted((left, right) => right.revision - left.revision);
}

function decoded(secret: JsonObject): ReleaseRecord {
  const stored = Buffer.from(textAt(secret, "data", "release") ?? "", "base64").toString("utf8");
  const packed = Buffer.from(stored, "base64");
  const text = packed[0] === 0x1f && packed[1] === 0x8b ? gunzipSync(packed) : packed;
  const release = parseObject(text.toString("utf8"), "Helm's release record");
  const metadata = objectAt(release, "chart", "metadata");
  const values = release.config;
  return {
    name: textAt(release, "name") ?? "",
    namespace: textAt(release, "namespace") ?? "",
    revision: numberAt(release, "version") ?? 0,
    status: textAt(release, "info", "status") ?? "unknown",
    owner: textAt(secret, "metadata", "labels", OWNER_LABEL),
    values: isObject(values) ? values : {},
    chart: {
      name: textAt(metadata, "name") ?? "",
      version: textAt(metadata, "version") ?? "",
      appVersion: textAt(metadata, "appVersion") ?? "",
    },
    manifest: textAt(release, "manifest") ?? "",
    hooks: listAt(release, "hooks").map((hook) => textAt(hook, "manifest") ?? ""),
  };
}

/** The SDK's `resourceNames`: the release's objects by `Kind/version`, each as `namespace/name` or `name`. */
export async function resourceNames(record: ReleaseRecord): Promise<Record<string, string[]>> {
  const names: Record<string, string[]> = {};
  for (const { kind, apiVersion, name, namespace } of await objectsOf(record.manifest)) {
    const key = `${kind}/${apiVersion}`;
    names[key] = [...(names[key] ?? []), namespace === undefined ? name : `${namespace}/${name}`];
  }
  return Object.fromEntries(Object.entries(names).toSorted(([left], [right]) => left.localeCompare(right)));
}

/** Names of the objects in a rendered manifest of any number of documents. */
export async function objectsOf(manifest: string): Promise<ObjectName[]> {
  const { parseAllDocuments } = await import("yaml");
  return parseAllDocuments(manifest).flatMap((document) => {
    const object: unknown = document.toJS();
    return isManifest(object) ? [named(object)] : [];
  });
}

function named({ apiVersion, kind, metadata: { name, namespace } }: Manifest): ObjectName {
  return { apiVersion, kind, name, namespace };
}

interface Manifest {
  kind: string;
  apiVersion: string;
  metadata: { name: string; namespace?: string };
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null || !("kind" in value) || !("apiVersion" in value)) {
    return false;
  }
  const metadata = "metadata" in value ? value.metadata : undefined;
  return typeof metadata === "object" && metadata !== null && "name" in metadata && typeof metadata.name === "string";
}
