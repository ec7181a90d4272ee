import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { connect, findKubeconfig, type Connection } from "../../components/kubernetes/kubeconfig.ts";
import { at, listAt, parseObject, textAt, type JsonObject } from "./json.ts";

/** The name of an object. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined for a kind without a namespace. */
  readonly namespace: string | undefined;
}

/** The API server refused a request. Its message can quote a value of the object. */
export class ApiRefusal extends Error {
  override readonly name = "ApiRefusal";
  /** HTTP status. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Kind {
  readonly plural: string;
  readonly namespaced: boolean;
}

interface Call {
  readonly method: "GET" | "PATCH";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly body?: unknown;
}

const timeoutMilliseconds = 30_000;

/** The API of a cluster, for objects of any kind as the server sends them. */
export class Cluster {
  readonly #connection: Connection;
  readonly #kinds = new Map<string, Promise<ReadonlyMap<string, Kind>>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @param kubeconfig - content or path; default: the current one. @throws OperatorError when it is not usable */
  static async of(kubeconfig: string | undefined): Promise<Cluster> {
    return new Cluster(await connect(findKubeconfig(kubeconfig), {}));
  }

  /** Whether objects of the kind are in a namespace; undefined when the cluster does not have the kind. */
  async isNamespaced({ apiVersion, kind }: Pick<ObjectName, "apiVersion" | "kind">): Promise<boolean | undefined> {
    return (await this.#kind(apiVersion, kind))?.namespaced;
  }

  /** The object; undefined when it or its kind does not exist. */
  async get(name: ObjectName): Promise<JsonObject | undefined> {
    const path = await this.#path(name);
    return path === undefined ? undefined : this.#found({ method: "GET", path });
  }

  /** Secrets of a namespace. @param labelSelector - as in the API */
  async secrets(namespace: string, labelSelector: string): Promise<readonly unknown[]> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
    return listAt(await this.#send({ method: "GET", path, query: { labelSelector } }), "items");
  }

  /** Server-side apply that takes over the fields of other managers. @throws ApiRefusal */
  async apply(name: ObjectName, fieldManager: string, body: JsonObject): Promise<void> {
    const path = await this.#requiredPath(name);
    const query = { fieldManager, force: "true" };
    await this.#send({ method: "PATCH", path, query, contentType: "application/apply-patch+yaml", body });
  }

  /** JSON patch (RFC 6902). @throws ApiRefusal */
  async patch(name: ObjectName, fieldManager: string, operations: readonly object[]): Promise<void> {
    const path = await this.#requiredPath(name);
    const contentType = "application/json-patch+json";
    await this.#send({ method: "PATCH", path, query: { fieldManager }, contentType, body: operations });
  }

  async #requiredPath(name: ObjectName): Promise<string> {
    const path = await this.#path(name);
    if (path === undefined) {
      throw new ApiRefusal(404, `the cluster has no kind ${name.kind} in ${name.apiVersion}`);
    }
    return path;
  }

  async #path({ apiVersion, kind, name, namespace }: ObjectName): Promise<string | undefined> {
    const found = await this.#kind(apiVersion, kind);
    if (found === undefined) {
      return undefined;
    }
    const scope = found.namespaced ? `/namespaces/${encodeURIComponent(namespace ?? "default")}` : "";
    return `${rootOf(apiVersion)}${scope}/${found.plural}/${encodeURIComponent(name)}`;
  }

  async #kind(apiVersion: string, kind: string): Promise<Kind | undefined> {
    const known = this.#kinds.get(apiVersion) ?? this.#discover(apiVersion);
    this.#kinds.set(apiVersion, known);
    return (await known).get(kind);
  }

  async #discover(apiVersion: string): Promise<ReadonlyMap<string, Kind>> {
    const resources = listAt(await this.#found({ method: "GET", path: rootOf(apiVersion) }), "resources");
    const kinds = resources.map((resource): [string, Kind] => [
      textAt(resource, "kind") ?? "",
      { plural: textAt(resource, "name") ?? "", namespaced: at(resource, "namespaced") === true },
    ]);
    return new Map(kinds.filter(([, { plural }]) => !plural.includes("/")));
  }

  async #found(call: Call): Promise<JsonObject | undefined> {
    try {
      return await this.#send(call);
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  /** @throws ApiRefusal when the server refuses; OperatorError when it does not answer */
  async #send(call: Call): Promise<JsonObject> {
    const { status, body } = await this.#answer(call).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new OperatorError(
        {
          what: `Kubernetes does not answer: ${reason}`,
          where: this.#connection.server,
          remedy: "check that the cluster runs and that this machine reaches its API, then run this again",
        },
        { cause },
      );
    });
    if (status < 200 || status >= 300) {
      throw new ApiRefusal(
        status,
        `Kubernetes refuses ${call.method} ${call.path}: ${messageOf(body) ?? `HTTP ${status}`}`,
      );
    }
    return parseObject(body, "the API server's answer");
  }

  async #answer({ method, path, query, contentType, body }: Call): Promise<{ status: number; body: string }> {
    const { server, tls } = this.#connection;
    const url = new URL(server + path);
    url.search = new URLSearchParams(query).toString();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const all = {
      accept: "application/json",
      ...(await this.#connection.headers()),
      ...(text !== undefined && { "content-type": contentType, "content-length": Buffer.byteLength(text) }),
    };
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const sent = start(url, { ...tls, method, headers: all, timeout: timeoutMilliseconds }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        });
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)));
      sent.on("error", reject);
      sent.end(text);
    });
  }
}

const rootOf = (apiVersion: string): string => `${apiVersion.includes("/") ? "/apis/" : "/api/"}${apiVersion}`;

/** Kubernetes' message; undefined when the answer is none of Kubernetes. */
function messageOf(body: string): string | undefined {
  try {
    return textAt(parseObject(body, "status"), "message");
  } catch {
    return undefined;
  }
}
