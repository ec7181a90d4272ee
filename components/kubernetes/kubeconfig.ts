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

/** How to reach one API server. */
export interface Connection {
  /** URL without a slash at its end. */
  readonly server: string;
  readonly tls: {
    readonly ca?: Buffer;
    readonly cert?: Buffer | string;
    readonly key?: Buffer | string;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** Headers of every request; tokens of exec plugins are fetched and renewed here. */
  headers(): Promise<Record<string, string>>;
  /** Namespace of the context. Default "default". */
  readonly namespace: string;
  /** Context in use, for other programs that read the same kubeconfig. */
  readonly context: string;
}

/** A kubeconfig as given: its text, and the folder that its relative paths start from. */
export interface KubeconfigSource {
  readonly text: string;
  readonly folder: string;
  /** The file it came from; undefined when the content itself was given. */
  readonly path?: string;
  readonly origin: string;
}

/**
 * Finds the kubeconfig: the provider's `kubeconfig` (content or path); without it, `$KUBECONFIG` (the first file that
 * exists), then `~/.kube/config`, as the vendor's plugin does.
 * @throws OperatorError when there is none
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
      what: "No kubeconfig was given and none was found.",
      where: "the kubernetes provider's setting `kubeconfig`, $KUBECONFIG, ~/.kube/config",
      remedy: "Give the provider a kubeconfig (its content or a path).",
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
        remedy: "Correct the kubernetes provider's setting `kubeconfig`: a readable file, or the content itself.",
      },
      { cause: error },
    );
  }
}

/** @throws OperatorError when the text is not a kubeconfig, or lacks the cluster, context or user that it names */
export async function connect(
  source: KubeconfigSource,
  wanted: { context?: string; cluster?: string },
): Promise<Connection> {
  const config = await parseConfig(source);
  const current = config["current-context"];
  const contextName = wanted.context ?? (typeof current === "string" ? current : "");
  const contexts = entries(source, () => newContexts(config.contexts));
  const context = contexts.find((each) => each.name === contextName);
  if (context === undefined && (contextName !== "" || wanted.cluster === undefined)) {
    throw lacks(source, "context", contextName, contexts);
  }
  const clusters = entries(source, () => newClusters(config.clusters));
  const clusterName = wanted.cluster ?? context?.cluster ?? "";
  const cluster = clusters.find((each) => each.name === clusterName);
  if (cluster === undefined) {
    throw lacks(source, "cluster", clusterName, clusters);
  }
  const users = entries(source, () => newUsers(config.users));
  const user = users.find((each) => each.name === context?.user);
  if (user === undefined && context !== undefined && context.user !== "") {
    throw lacks(source, "user", context.user, users);
  }
  refuseLegacy(source, cluster, user);
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
    // No cause is attached: a YAML error quotes the line, which may hold a token.
    throw new OperatorError({
      what: "The text is not a kubeconfig in YAML or JSON.",
      where: source.origin,
      remedy: "Give the output of `microk8s config` (or `kubectl config view --raw`), or the path of such a file.",
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
      remedy: "Give the output of `microk8s config` (or `kubectl config view --raw`).",
    });
  }
}

function lacks(
  source: KubeconfigSource,
  what: string,
  name: string,
  known: readonly { readonly name: string }[],
): OperatorError {
  const names = known.map((each) => `"${each.name}"`).join(", ");
  return new OperatorError({
    what: name === "" ? `The kubeconfig has no current ${what}.` : `The kubeconfig has no ${what} "${name}".`,
    where: source.origin,
    remedy: `Use a ${what} that it contains (${names === "" ? "it contains none" : names}), or give another kubeconfig.`,
  });
}

function refuseLegacy(source: KubeconfigSource, cluster: Cluster, user: User | undefined): void {
  const unsupported = cluster.proxyUrl ? "proxy-url" : user?.authProvider ? "auth-provider" : undefined;
  if (unsupported !== undefined) {
    throw new OperatorError({
      what: `Bibind does not support \`${unsupported}\` in a kubeconfig.`,
      where: source.origin,
      remedy: "Use a client certificate, a token or an exec plugin, and a server that is reached directly.",
    });
  }
}

function tlsOptions(source: KubeconfigSource, cluster: Cluster, user: User | undefined): Connection["tls"] {
  const ca = material(source, cluster.caData, cluster.caFile);
  const cert = material(source, user?.certData, user?.certFile);
  const key = material(source, user?.keyData, user?.keyFile);
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
    ...(cluster.skipTLSVerify && { rejectUnauthorized: false }),
  };
}

function material(source: KubeconfigSource, data: string | undefined, file: string | undefined): Buffer | undefined {
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
