/** Type tokens of the SDK and what they stand for. */

export interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
}

const REFUSED = new Map([
  ["kubernetes:yaml", "write the objects as typed resources"],
  ["kubernetes:kustomize", "write the objects as typed resources"],
  ["kubernetes:helm.sh/v2", "use helm.v3.Release"],
  ["kubernetes:helm.sh/v4", "use helm.v3.Release"],
]);

export const RELEASE_TOKEN = "kubernetes:helm.sh/v3:Release";

/**
 * The API version and kind behind a token such as `kubernetes:apps/v1:Deployment` or `kubernetes:core/v1:Pod`.
 * @throws Error naming the token when this plugin has no such resource
 */
export function objectType(token: string): ObjectType {
  const [provider, module = "", kind = "", ...rest] = token.split(":");
  if (provider !== "kubernetes" || module === "" || kind === "" || rest.length > 0) {
    throw new Error(`"${token}" is not a type of the kubernetes plugin; expected kubernetes:<group>/<version>:<Kind>.`);
  }
  for (const [prefix, remedy] of REFUSED) {
    if (`kubernetes:${module}`.startsWith(prefix)) {
      throw new Error(`"${token}" is not implemented by this kubernetes plugin; ${remedy}.`);
    }
  }
  if (module === "helm.sh/v3") {
    throw new Error(`"${token}" is not implemented by this kubernetes plugin; use helm.v3.Release.`);
  }
  if (kind.endsWith("Patch") || kind.endsWith("List")) {
    throw new Error(
      `"${token}" is not implemented by this kubernetes plugin: it has no Patch and no List kinds; declare each object as a resource of its own.`,
    );
  }
  return { apiVersion: module.startsWith("core/") ? module.slice("core/".length) : module, kind };
}

/** `apps/v1` → group `apps`, version `v1`; `v1` → group "" (core). */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
