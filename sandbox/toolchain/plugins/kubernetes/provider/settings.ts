import { Unknown } from "../../server/values.ts";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { isObject, parseObject, type Json, type JsonObject } from "../manifest/json.ts";

/** Arguments of the SDK's `Provider` that this plugin supports. */
export interface Settings {
  /**
   * Content or path. Default: `$KUBECONFIG`, then `~/.kube/config`. `Unknown` in a preview when the cluster does not
   * exist yet.
   */
  readonly kubeconfig?: string | Unknown;
  readonly context?: string;
  readonly cluster?: string;
  /** Default namespace. Default: the context's. */
  readonly namespace?: string;
  readonly clusterIdentifier?: string;
  readonly enablePatchForce: boolean;
  readonly upsertExistingObjects: boolean;
  /** Default false: as with the vendor's plugin, a change of a ConfigMap's data replaces it. */
  readonly enableConfigMapMutable: boolean;
  /** Default false: a change of a Secret's data replaces it. */
  readonly enableSecretMutable: boolean;
  readonly deleteUnreachable: boolean;
  readonly suppressDeprecationWarnings: boolean;
  /** Time limit for an answer of the API server, in seconds. Default 32. */
  readonly requestTimeoutSeconds: number;
  /** Environment of the helm program. */
  readonly helmEnvironment: Readonly<Record<string, string>>;
}

const TEXTS = ["kubeconfig", "context", "cluster", "namespace", "clusterIdentifier"] as const;
const FLAGS = [
  "enableServerSideApply",
  "enablePatchForce",
  "upsertExistingObjects",
  "enableConfigMapMutable",
  "enableSecretMutable",
  "deleteUnreachable",
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
] as const;
const NESTED = ["kubeClientSettings", "helmReleaseSettings"] as const;
const REFUSED: Readonly<Record<string, string>> = {
  renderYamlToDirectory: "this plugin applies to a cluster only; remove it",
  alwaysRender: "this plugin applies to a cluster only; remove it",
  skipUpdateUnreachable: "an update that cannot reach its cluster must fail; remove it",
};
const HELM_VARIABLES: Readonly<Record<string, string>> = {
  pluginsPath: "HELM_PLUGINS",
  registryConfigPath: "HELM_REGISTRY_CONFIG",
  repositoryCache: "HELM_REPOSITORY_CACHE",
  repositoryConfigPath: "HELM_REPOSITORY_CONFIG",
};

/** @throws OperatorError that names the first setting that is unknown, unsupported or of the wrong type */
export function readSettings(given: JsonObject): Settings {
  for (const name of Object.keys(given)) {
    refuseUnknown(name);
  }
  const flags = Object.fromEntries(FLAGS.map((name) => [name, flag(name, given[name])]));
  if (flags.enableServerSideApply === false) {
    throw wrong("enableServerSideApply", "false is not supported: this plugin uses server-side apply only; remove it");
  }
  const texts = Object.fromEntries(TEXTS.map((name) => [name, text(name, given[name])]));
  const { kubeconfig, context, cluster, namespace, clusterIdentifier } = texts;
  const client = nested("kubeClientSettings", given.kubeClientSettings, ["timeout"]);
  return {
    kubeconfig: given.kubeconfig instanceof Unknown ? given.kubeconfig : kubeconfig,
    context,
    cluster,
    namespace,
    clusterIdentifier,
    enablePatchForce: flags.enablePatchForce === true,
    upsertExistingObjects: flags.upsertExistingObjects === true,
    enableConfigMapMutable: flags.enableConfigMapMutable === true,
    enableSecretMutable: flags.enableSecretMutable === true,
    deleteUnreachable: flags.deleteUnreachable === true,
    suppressDeprecationWarnings: flags.suppressDeprecationWarnings === true,
    requestTimeoutSeconds: seconds(client.timeout),
    helmEnvironment: helmEnvironment(given.helmReleaseSettings),
  };
}

function refuseUnknown(name: string): void {
  const refused = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (refused !== undefined) {
    throw wrong(name, refused);
  }
  const known: readonly string[] = [...TEXTS, ...FLAGS, ...NESTED];
  if (!known.includes(name)) {
    throw wrong(name, `it is not known; known are ${[...TEXTS, ...FLAGS, ...NESTED].join(", ")}`);
  }
}

function wrong(name: string, reason: string): OperatorError {
  return new OperatorError({
    what: `The kubernetes provider does not accept its setting \`${name}\`.`,
    where: `kubernetes provider, ${name}`,
    remedy: `${reason}.`,
  });
}

function text(name: string, value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === "" || value instanceof Unknown) {
    return undefined;
  }
  if (typeof value === "string") {
    return value;
  }
  if (name === "kubeconfig" && isObject(value)) {
    return JSON.stringify(value);
  }
  throw wrong(name, "it must be a string");
}

/** The SDK sends booleans as JSON text. */
function flag(name: string, value: Json | undefined): boolean | undefined {
  if (value === undefined || value === null || value === "" || value instanceof Unknown) {
    return undefined;
  }
  if (value === true || value === "true") {
    return true;
  }
  if (value === false || value === "false") {
    return false;
  }
  throw wrong(name, "it must be true or false");
}

function nested(name: string, value: Json | undefined, known: readonly string[]): JsonObject {
  if (value === undefined || value === null || value === "" || value instanceof Unknown) {
    return {};
  }
  const object = typeof value === "string" ? parseObject(value, name) : isObject(value) ? value : {};
  const unsupported = Object.keys(object).find((key) => !known.includes(key) && object[key] !== null);
  if (unsupported !== undefined) {
    throw wrong(`${name}.${unsupported}`, `it is not supported; supported are ${known.join(", ")}`);
  }
  return object;
}

function seconds(value: Json | undefined): number {
  if (value === undefined || value === null) {
    return 32;
  }
  const number = Number(value instanceof Unknown ? 32 : value);
  if (!Number.isFinite(number) || number <= 0) {
    throw wrong("kubeClientSettings.timeout", "it must be a number of seconds greater than 0");
  }
  return number;
}

function helmEnvironment(value: Json | undefined): Record<string, string> {
  const given = nested("helmReleaseSettings", value, [...Object.keys(HELM_VARIABLES), "driver"]);
  if (given.driver !== undefined && given.driver !== null && given.driver !== "secret") {
    throw wrong("helmReleaseSettings.driver", "only secret is supported");
  }
  const variables: Record<string, string> = {};
  for (const [name, variable] of Object.entries(HELM_VARIABLES)) {
    const setting = given[name];
    if (typeof setting === "string" && setting !== "") {
      variables[variable] = setting;
    }
  }
  return variables;
}
