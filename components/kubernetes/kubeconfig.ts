import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { OperatorError } from "../errors/operator-error.ts";
import { credentials, type ReadFile, type RequestHeaders } from "./credentials.ts";
import {
  parseKubeconfig,
  type KubeconfigCluster,
  type KubeconfigSource,
  type KubeconfigUser,
} from "./kubeconfig-file.ts";

export type { KubeconfigSource } from "./kubeconfig-file.ts";

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
  /** The headers of a request. Reads the token file and renews the token of an exec plugin. */
  headers(): Promise<RequestHeaders>;
  /** Namespace of the context. Default "default". */
  readonly namespace: string;
  /** The selected context, for other programs that read the same kubeconfig. */
  readonly context: string;
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
  const { clusters, contexts, users, ...config } = await parseKubeconfig(source);
  const contextName = selection.context ?? config["current-context"] ?? "";
  const context = contexts.find((each) => each.name === contextName)?.context;
  if (context === undefined && (contextName !== "" || selection.cluster === undefined)) {
    throw missing(source, "context", contextName, contexts);
  }
  const clusterName = selection.cluster ?? context?.cluster ?? "";
  const cluster = clusters.find((each) => each.name === clusterName)?.cluster;
  if (cluster === undefined) {
    throw missing(source, "cluster", clusterName, clusters);
  }
  const entry = users.find((each) => each.name === context?.user);
  if (entry === undefined && context?.user) {
    throw missing(source, "user", context.user, users);
  }
  const user = entry?.user ?? {};
  refuseUnsupported(source, cluster, user);
  return {
    server: cluster.server.replace(/\/$/, ""),
    tls: tlsOptions(source, cluster, user),
    headers: credentials(source, cluster, user, fileReader(source)),
    namespace: context?.namespace ?? "default",
    context: contextName,
  };
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

function refuseUnsupported(source: KubeconfigSource, cluster: KubeconfigCluster, user: KubeconfigUser): void {
  const unsupported = [
    cluster["proxy-url"] ? "proxy-url" : undefined,
    user["auth-provider"] ? "auth-provider" : undefined,
    user.exec?.interactiveMode === "Always" ? "interactiveMode: Always" : undefined,
  ].find((name) => name !== undefined);
  if (unsupported !== undefined) {
    throw new OperatorError({
      what: `Bibind does not support \`${unsupported}\` in a kubeconfig.`,
      where: source.origin,
      remedy: "Use a client certificate, a token or an exec plugin, and a server that needs no proxy.",
    });
  }
}

/** Reads a file that the kubeconfig names. Its path is relative to the kubeconfig. */
function fileReader({ folder, origin }: KubeconfigSource): ReadFile {
  return (file) => {
    const path = isAbsolute(file) ? file : join(folder, file);
    try {
      return readFileSync(path);
    } catch (cause) {
      throw new OperatorError(
        {
          what: `The kubeconfig names the file ${path}, which cannot be read.`,
          where: origin,
          remedy: "Correct the path, or give the content (`kubectl config view --raw --flatten`).",
        },
        { cause },
      );
    }
  };
}

function tlsOptions(source: KubeconfigSource, cluster: KubeconfigCluster, user: KubeconfigUser): Connection["tls"] {
  const read = fileReader(source);
  const material = (data: string | null | undefined, file: string | null | undefined): Buffer | undefined =>
    data ? Buffer.from(data, "base64") : file ? read(file) : undefined;
  const ca = material(cluster["certificate-authority-data"], cluster["certificate-authority"]);
  const cert = material(user["client-certificate-data"], user["client-certificate"]);
  const key = material(user["client-key-data"], user["client-key"]);
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster["tls-server-name"] && { servername: cluster["tls-server-name"] }),
    ...(cluster["insecure-skip-tls-verify"] && { rejectUnauthorized: false }),
  };
}
