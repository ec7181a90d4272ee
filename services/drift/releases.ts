import { gunzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import type { Cluster } from "./cluster.ts";
import { isObject, parseObject, textAt, type JsonObject } from "./json.ts";
import { secretFields, type DeclaredObject, type DeclaredRelease } from "./state.ts";

/**
 * Field managers of Helm: that of the command and that of the vendor's plugin. Helm writes over the fields of others, so
 * either one can put an object back.
 */
const helmManagers = ["helm", "pulumi-resource-kubernetes"] as const;

/** The manifest in Helm's record of a revision: JSON, compressed by gzip, twice in base64. */
function manifestOf(secret: unknown): string {
  const stored = Buffer.from(textAt(secret, "data", "release") ?? "", "base64").toString("utf8");
  const release = parseObject(gunzipSync(Buffer.from(stored, "base64")).toString("utf8"), "Helm's record");
  return textAt(release, "manifest") ?? "";
}

/** The objects of a rendered manifest. Helm reads YAML 1.1, in which `0440` is an octal number. */
function bodiesIn(manifest: string): JsonObject[] {
  return parseAllDocuments(manifest, { version: "1.1" })
    .map((document) => {
      const body: unknown = document.toJS();
      return body;
    })
    .filter(isObject);
}

async function declaredObject(cluster: Cluster, release: DeclaredRelease, body: JsonObject): Promise<DeclaredObject> {
  const apiVersion = textAt(body, "apiVersion") ?? "";
  const kind = textAt(body, "kind") ?? "";
  const given = textAt(body, "metadata", "namespace");
  const namespaced = await cluster.isNamespaced({ apiVersion, kind });
  return {
    apiVersion,
    kind,
    name: textAt(body, "metadata", "name") ?? "",
    namespace: namespaced === false ? undefined : (given ?? release.namespace),
    body,
    secrets: secretFields(kind),
    managers: helmManagers,
  };
}

/**
 * The objects of a release, as its deployed revision renders them. Objects of hooks are not among them: Helm deletes them
 * or creates them again.
 *
 * @returns undefined when no revision is deployed
 */
export async function objectsOf(cluster: Cluster, release: DeclaredRelease): Promise<DeclaredObject[] | undefined> {
  const selector = `owner=helm,name=${release.name},status=deployed`;
  const [record] = await cluster.secrets(release.namespace, selector);
  return record === undefined
    ? undefined
    : Promise.all(bodiesIn(manifestOf(record)).map((body) => declaredObject(cluster, release, body)));
}
