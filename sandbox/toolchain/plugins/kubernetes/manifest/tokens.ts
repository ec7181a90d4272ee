/** The SDK's type tokens and their meaning. */
import { OperatorError } from "../../../../../components/errors/operator-error.ts";

export interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Modules of the SDK whose resources are not objects of the cluster. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["yaml", "Write the objects as typed resources."],
  ["kustomize", "Write the objects as typed resources."],
  ["helm.sh/", "Use helm.v3.Release."],
]);

export const RELEASE_TOKEN = "kubernetes:helm.sh/v3:Release";

/**
 * The API version and kind of a token such as `kubernetes:apps/v1:Deployment` or `kubernetes:core/v1:Pod`.
 *
 * @throws OperatorError that names the token when this plugin has no such resource
 */
export function objectType(token: string): ObjectType {
  const [provider, module = "", kind = "", ...rest] = token.split(":");
  if (provider !== "kubernetes" || module === "" || kind === "" || rest.length > 0) {
    throw refused(token, "Use a type kubernetes:<group>/<version>:<Kind>.");
  }
  const remedy = [...REFUSED].find(([prefix]) => module.startsWith(prefix))?.[1];
  if (remedy !== undefined) {
    throw refused(token, remedy);
  }
  if (kind.endsWith("Patch") || kind.endsWith("List")) {
    throw refused(token, "The plugin has no Patch and List kinds. Declare each object as its own resource.");
  }
  return { apiVersion: module.startsWith("core/") ? module.slice("core/".length) : module, kind };
}

function refused(token: string, remedy: string): OperatorError {
  return new OperatorError({
    what: `The resource type "${token}" is not implemented by this kubernetes plugin.`,
    where: token,
    remedy,
  });
}

/** `apps/v1` has the group `apps` and the version `v1`; `v1` has the group "" (core). */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
