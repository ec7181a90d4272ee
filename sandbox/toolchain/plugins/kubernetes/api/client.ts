import { listAt, objectAt, parseObject, serialise, isObject, type JsonObject } from "../manifest/json.ts";
import { splitApiVersion, type ObjectType } from "../manifest/tokens.ts";
import type { Discovery, ResourcePath } from "./discovery.ts";
import { ApiError, type ObjectName } from "./errors.ts";
import type { HttpResponse } from "../../server/http.ts";
import type { Transport } from "./transport.ts";

export interface WriteOptions {
  readonly fieldManager: string;
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
}

export interface ApplyOptions extends WriteOptions {
  /** Whether to take over fields that another manager owns. */
  readonly force: boolean;
}

export interface Applied {
  readonly object: JsonObject;
  /** The API server's warnings, such as deprecations. */
  readonly warnings: readonly string[];
}

/** The calls of the API that only read. */
export interface ClusterReader {
  get(name: ObjectName): Promise<JsonObject | undefined>;
  list(
    type: ObjectType,
    namespace: string | undefined,
    selectors: { labelSelector?: string; fieldSelector?: string },
  ): Promise<readonly JsonObject[]>;
  podLog(
    namespace: string,
    pod: string,
    options: { container: string; tailLines: number; previous?: boolean },
  ): Promise<string>;
}

/** The calls of the Kubernetes API that the plugin needs, for objects of any kind. */
export class KubernetesApi implements ClusterReader {
  readonly #transport: Transport;
  readonly discovery: Discovery;

  constructor(transport: Transport, discovery: Discovery) {
    this.#transport = transport;
    this.discovery = discovery;
  }

  get server(): string {
    return this.#transport.server;
  }

  /** The object; undefined when it or its kind does not exist. */
  async get(name: ObjectName): Promise<JsonObject | undefined> {
    const resource = await this.discovery.find(name);
    if (resource === undefined) {
      return undefined;
    }
    const reply = await this.#transport.send({ method: "GET", path: objectPath(name, resource) });
    return reply.status === 404 ? undefined : answer(reply, "object");
  }

  async list(
    type: ObjectType,
    namespace: string | undefined,
    selectors: { labelSelector?: string; fieldSelector?: string },
  ): Promise<readonly JsonObject[]> {
    const resource = await this.discovery.find(type);
    if (resource === undefined) {
      return [];
    }
    const path = collectionPath(type, resource, namespace);
    const reply = await this.#transport.send({ method: "GET", path, query: selectors });
    return listAt(answer(reply, "list"), "items").filter(isObject);
  }

  /** Server-side apply with strict validation: the server refuses an unknown field and names it. */
  async apply(name: ObjectName, resource: ResourcePath, body: JsonObject, options: ApplyOptions): Promise<Applied> {
    const query = { ...writeQuery(options), ...(options.force ? { force: "true" } : {}) };
    const reply = await this.#transport.send({
      method: "PATCH",
      path: objectPath(name, resource),
      query,
      contentType: "application/apply-patch+yaml",
      body: serialise(body),
      signal: options.signal,
    });
    return { object: answer(reply, "object"), warnings: warningsOf(reply) };
  }

  /** JSON merge patch (RFC 7386), which replaces a list as a whole. */
  async merge(name: ObjectName, resource: ResourcePath, patch: JsonObject, options: WriteOptions): Promise<JsonObject> {
    const reply = await this.#transport.send({
      method: "PATCH",
      path: objectPath(name, resource),
      query: writeQuery(options),
      contentType: "application/merge-patch+json",
      body: serialise(patch),
      signal: options.signal,
    });
    return answer(reply, "object");
  }

  /** Starts the deletion. @returns false when the object does not exist */
  async remove(name: ObjectName, propagationPolicy: string): Promise<boolean> {
    const resource = await this.discovery.find(name);
    if (resource === undefined) {
      return false;
    }
    const body = serialise({ apiVersion: "v1", kind: "DeleteOptions", propagationPolicy });
    const reply = await this.#transport.send({ method: "DELETE", path: objectPath(name, resource), body });
    if (reply.status === 404 || reply.status === 410) {
      return false;
    }
    answer(reply, "answer to a delete");
    return true;
  }

  /** The last lines of a container's log; empty when there is none. */
  async podLog(
    namespace: string,
    pod: string,
    options: { container: string; tailLines: number; previous?: boolean },
  ): Promise<string> {
    const reply = await this.#transport.send({
      method: "GET",
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
      query: {
        container: options.container,
        tailLines: String(options.tailLines),
        ...(options.previous === true ? { previous: "true" } : {}),
      },
    });
    return reply.status === 200 ? reply.body.trim() : "";
  }
}

function writeQuery({ fieldManager, dryRun }: WriteOptions): Record<string, string> {
  return { fieldManager, fieldValidation: "Strict", ...(dryRun ? { dryRun: "All" } : {}) };
}

function collectionPath(type: ObjectType, resource: ResourcePath, namespace: string | undefined): string {
  const root = splitApiVersion(type.apiVersion).group === "" ? "/api/" : "/apis/";
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${type.apiVersion}${scope}/${resource.plural}`;
}

function objectPath(name: ObjectName, resource: ResourcePath): string {
  return `${collectionPath(name, resource, name.namespace ?? "default")}/${encodeURIComponent(name.name)}`;
}

function answer(reply: HttpResponse, what: string): JsonObject {
  if (reply.status >= 200 && reply.status < 300) {
    return parseObject(reply.body, `the API server's ${what}`);
  }
  throw new ApiError(
    reply.status,
    statusOf(reply),
    `the API server answered ${reply.status}: ${reply.body.slice(0, 200)}`,
  );
}

function statusOf(reply: HttpResponse): JsonObject {
  try {
    return objectAt(parseObject(reply.body, "status"));
  } catch {
    return {}; // the body is not a Status, for example a proxy's page; the error message shows its first characters
  }
}

/** The quoted text of each warning, such as `299 - "batch/v1beta1 CronJob is deprecated"`. */
function warningsOf(reply: HttpResponse): string[] {
  const header = reply.headers.warning;
  const text = Array.isArray(header) ? header.join(", ") : (header ?? "");
  return [...text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replaceAll('\\"', '"'));
}
