import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import {
  newClusters,
  newContexts,
  newUsers,
  type Cluster,
  type User,
} from "@kubernetes/client-node/dist/config_types.js";
import { ExecAuth } from "@kubernetes/client-node/dist/exec_auth.js";
import { OperatorError } from "../errors/operator-error.ts";

/** The address of an API server and the credentials for it. */
export interface Connection {
  /** URL without a trailing slash. */
  readonly server: string;
  readonly tls: {
    readonly ca?: Buffer;
    readonly cert?: Buffer | string;
    readonly key?: Buffer | string;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** The headers for a request. Gets a new token from an exec plugin when the old one has expired. */
  headers(): Promise<Record<string, string>>;
  /** Namespace of the context. Default "default". */
  readonly namespace: string;
  /** The selected context, for other programs that read the same kubeconfig. */
  readonly context: string;
}

/** The text of a kubeconfig and where it is from. */
export interface KubeconfigSource {
  readonly text: string;
  /** Relative paths in the text are relative to this folder. */
  readonly folder: string;
  /** The file. Undefined when the setting contains the kubeconfig itself. */
  readonly path?: string;
  /** Where it is from, for messages. */
  readonly origin: string;
}

/**
 * Finds the kubeconfig: the provider's setting `kubeconfig` (content or path), else the first existing file in
 * `$KUBECONFIG`, else `~/.kube/config`. The vendor's plugin uses the same order.
 *
 * @throws OperatorError when there is none, or its file cannot be read
 */
export function findKubeconfig(setting: string | undefined): KubeconfigSource {
  if (setting !== undefined && setting.trim() !== "") {
    return looksLikeContent(setting)
      ? { text: setting, folder: process.cwd(), origin: "the provider's kubeconfig" }
      : readSource(setting.startsWith("~/") ? join(homedir(), setting.slice(2)) : setting);
  }
  const candidates = [...(process.env.KUBECONFIG ?? "").split(delimiter), join(homedir(), ".kube", "config")];
  const found = candidates.find((path) => path !== "" && existsSync(path));
  if (found === undefined) {
    throw new OperatorError({
      what: "No kubeconfig was found.",
      where: "the kubernetes provider's setting `kubeconfig`, $KUBECONFIG, ~/.kube/config",
      remedy: "Set the provider's `kubeconfig` to the content or the path of a kubeconfig.",
    });
  }
  return readSource(found);
}

function looksLikeContent(setting: string): boolean {
  return setting.includes("\n") || setting.trimStart().startsWith("{") || setting.includes("apiVersion:");
}

function readSource(path: string): KubeconfigSource {
  try {
    return { text: readFileSync(path, "utf8"), folder: dirname(resolve(path)), path: resolve(path), origin: path };
  } catch (error) {
    throw new OperatorError(
      {
        what: "The kubeconfig file cannot be read.",
        where: path,
        remedy: "Set the kubernetes provider's `kubeconfig` to a readable file, or to the content itself.",
      },
      { cause: error },
    );
  }
}

/**
 * Reads the connection from a kubeconfig. It sends no request.
 *
 * @param selection - the context and the cluster to use; default: the current context and its cluster
 * @throws OperatorError when the kubeconfig is invalid or incomplete, or uses an unsupported feature
 */
export async function connect(
  source: KubeconfigSource,
  selection: { context?: string; cluster?: string },
): Promise<Connection> {
  const config = await parseConfig(source);
  const current = config["current-context"];
  const contextName = selection.context ?? (typeof current === "string" ? current : "");
  const contexts = entries(source, () => newContexts(config.contexts));
  const context = contexts.find((each) => each.name === contextName);
  if (context === undefined && (contextName !== "" || selection.cluster === undefined)) {
    throw missing(source, "context", contextName, contexts);
  }
  const clusters = entries(source, () => newClusters(config.clusters));
  const clusterName = selection.cluster ?? context?.cluster ?? "";
  const cluster = clusters.find((each) => each.name === clusterName);
  if (cluster === undefined) {
    throw missing(source, "cluster", clusterName, clusters);
  }
  const users = entries(source, () => newUsers(config.users));
  const user = users.find((each) => each.name === context?.user);
  if (user === undefined && context !== undefined && context.user !== "") {
    throw missing(source, "user", context.user, users);
  }
  refuseUnsupported(source, cluster, user);
  return {
    server: cluster.server,
    tls: tlsOptions(source, cluster, user),
    headers: credentials(user),
    namespace: context?.namespace ?? "default",
    context: contextName,
  };
}

async function parseConfig(source: KubeconfigSource): Promise<Readonly<Record<string, unknown>>> {
  const parsed = await parse(source.text).catch(() => undefined);
  if (!isMap(parsed)) {
    // The error has no cause: a YAML error quotes a line of the file, and this line can contain a token.
    throw new OperatorError({
      what: "The text is not a kubeconfig in YAML or JSON.",
      where: source.origin,
      remedy: "Use the output of `microk8s config` (or `kubectl config view --raw`), or the path of a file with it.",
    });
  }
  return parsed;
}

async function parse(text: string): Promise<unknown> {
  if (text.trimStart().startsWith("{")) {
    return JSON.parse(text);
  }
  const yaml = await import("yaml");
  return yaml.parse(text);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function entries<T>(source: KubeconfigSource, read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    throw new OperatorError({
      what: `The kubeconfig is not complete: ${error instanceof Error ? error.message : String(error)}.`,
      where: source.origin,
      remedy: "Use the output of `microk8s config` (or `kubectl config view --raw`).",
    });
  }
}

function missing(
  source: KubeconfigSource,
  what: string,
  name: string,
  known: readonly { readonly name: string }[],
): OperatorError {
  const names = known.map((each) => `"${each.name}"`).join(", ");
  return new OperatorError({
    what: name === "" ? `The kubeconfig has no current ${what}.` : `The kubeconfig has no ${what} "${name}".`,
    where: source.origin,
    remedy: `Use one of its ${what}s (${names === "" ? "it has none" : names}), or another kubeconfig.`,
  });
}

function refuseUnsupported(source: KubeconfigSource, cluster: Cluster, user: User | undefined): void {
  const unsupported = cluster.proxyUrl ? "proxy-url" : user?.authProvider ? "auth-provider" : undefined;
  if (unsupported !== undefined) {
    throw new OperatorError({
      what: `Bibind does not support \`${unsupported}\` in a kubeconfig.`,
      where: source.origin,
      remedy: "Use a client certificate, a token or an exec plugin, and a server that needs no proxy.",
    });
  }
}

function tlsOptions(source: KubeconfigSource, cluster: Cluster, user: User | undefined): Connection["tls"] {
  const ca = pemContent(source, cluster.caData, cluster.caFile);
  const cert = pemContent(source, user?.certData, user?.certFile);
  const key = pemContent(source, user?.keyData, user?.keyFile);
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
    ...(cluster.skipTLSVerify && { rejectUnauthorized: false }),
  };
}

function pemContent(source: KubeconfigSource, data: string | undefined, file: string | undefined): Buffer | undefined {
  if (data) {
    return Buffer.from(data, "base64");
  }
  return file ? Buffer.from(readSource(isAbsolute(file) ? file : join(source.folder, file)).text) : undefined;
}

function credentials(user: User | undefined): Connection["headers"] {
  const exec = new ExecAuth();
  return async () => {
    if (user === undefined) {
      return {};
    }
    const headers: Record<string, string> = {};
    if (user.username) {
      headers.authorization = `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
    }
    if (exec.isAuthProvider(user)) {
      const options: { headers?: Record<string, string> } = {};
      await exec.applyAuthentication(user, options);
      headers.authorization = options.headers?.Authorization ?? "";
    }
    if (user.token) {
      headers.authorization = `Bearer ${user.token.trim()}`;
    }
    if (user.impersonateUser) {
      headers["impersonate-user"] = user.impersonateUser;
    }
    return headers;
  };
}
