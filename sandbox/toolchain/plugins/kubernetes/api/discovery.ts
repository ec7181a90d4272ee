import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { until } from "../../../../builds/until.ts";
import { listAt, parseObject, textAt, at } from "../manifest/json.ts";
import { splitApiVersion, type ObjectType } from "../manifest/tokens.ts";
import { builtInIsNamespaced } from "./scopes.ts";
import { ApiError, CancelledError } from "./errors.ts";
import type { Transport } from "./transport.ts";

export interface ResourcePath {
  /** Plural name in the URL, such as `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

const POLL_MS = 1000;

/**
 * The kinds of the API server. One request per group version, and another one for a kind that was not in the answer.
 */
export class Discovery {
  readonly #transport: Transport;
  readonly #versions = new Map<string, Promise<ReadonlyMap<string, ResourcePath>>>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The kind's path in the API; undefined when the server does not have the kind, or not yet. */
  async find(type: ObjectType): Promise<ResourcePath | undefined> {
    const known = this.#versions.get(type.apiVersion);
    const found = known === undefined ? undefined : (await known).get(type.kind);
    if (found !== undefined) {
      return found;
    }
    const asked = this.#ask(type.apiVersion);
    this.#versions.set(type.apiVersion, asked);
    asked.catch(() => this.#versions.delete(type.apiVersion));
    return (await asked).get(type.kind);
  }

  /** Whether objects of the kind are in a namespace; undefined when the server does not have the kind. */
  async isNamespaced(type: ObjectType): Promise<boolean | undefined> {
    return (
      builtInIsNamespaced(splitApiVersion(type.apiVersion).group, type.kind) ?? (await this.find(type))?.namespaced
    );
  }

  /**
   * Like `find`, but waits for a CustomResourceDefinition that was just installed.
   *
   * @param seconds - longest wait
   * @throws OperatorError that names the kind when the server still does not have it
   */
  async require(type: ObjectType, seconds: number, signal: AbortSignal): Promise<ResourcePath> {
    const found = await until(() => this.find(type), { seconds, pause: POLL_MS, signal });
    if (found !== undefined) {
      return found;
    }
    if (signal.aborted) {
      throw new CancelledError(`waiting for the kind ${type.kind} of ${type.apiVersion}`);
    }
    throw new OperatorError({
      what: `The API server has no kind "${type.kind}" in "${type.apiVersion}"${seconds > 0 ? ` after ${seconds} s` : ""}.`,
      where: this.#transport.server,
      remedy:
        "Correct apiVersion or kind, or make the resource depend on what installs its CustomResourceDefinition (`dependsOn`).",
    });
  }

  async #ask(apiVersion: string): Promise<ReadonlyMap<string, ResourcePath>> {
    const root = splitApiVersion(apiVersion).group === "" ? "/api/" : "/apis/";
    const reply = await this.#transport.send({ method: "GET", path: root + apiVersion });
    // 503: an APIService serves the group, but its server is not ready yet.
    if (reply.status === 404 || reply.status === 503) {
      return new Map();
    }
    if (reply.status !== 200) {
      throw new ApiError(reply.status, {}, `discovery of ${apiVersion} answered ${reply.status}`);
    }
    const kinds = new Map<string, ResourcePath>();
    for (const resource of listAt(parseObject(reply.body, "API discovery"), "resources")) {
      const plural = textAt(resource, "name");
      const kind = textAt(resource, "kind");
      if (plural !== undefined && kind !== undefined && !plural.includes("/")) {
        kinds.set(kind, { plural, namespaced: at(resource, "namespaced") === true });
      }
    }
    return kinds;
  }
}
