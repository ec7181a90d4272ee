import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import {
  VaultRefusal,
  codeOf,
  mayRetryConnection,
  mayRetryStatus,
  noActiveServer,
  notServing,
  reasonsIn,
  standbyStatus,
  unreachable,
} from "./failure.ts";
import type { Exchange, HttpAnswer, HttpRequest } from "./http.ts";

const json = z.json();
/** A value of Vault's API. */
export type ApiValue = z.infer<typeof json>;
export type ApiData = Readonly<Record<string, ApiValue>>;

const answerBody = z.object({
  data: z.record(z.string(), json).nullish(),
  auth: z.object({ client_token: z.string(), lease_duration: z.number(), renewable: z.boolean() }).nullish(),
  warnings: z.array(z.string()).nullish(),
});
export type VaultAnswer = z.infer<typeof answerBody>;

const healthBody = z.object({ initialized: z.boolean(), sealed: z.boolean() });

/** Options of a request. */
export interface RequestOptions {
  readonly body?: ApiData;
  /** The request must not take effect twice, so it is repeated only when it did not arrive. Default false. */
  readonly once?: boolean;
  /** The token. Empty: none. Default: the session's token. */
  readonly token?: string;
  readonly namespace?: string;
  readonly signal?: AbortSignal;
}

/** Provides the token for requests, and a new one when the server no longer accepts it. */
export interface TokenSource {
  current(): Promise<string>;
  /** Called after a 403. Replaces `token` if the server no longer accepts it. @returns whether there is a new token */
  replaced(token: string): Promise<boolean>;
}

export interface VaultOptions {
  readonly address: string;
  readonly exchange: Exchange;
  /** Namespace of the provider. Namespaces of objects are relative to it. */
  readonly namespace: string;
  /** Time limit for retries while the server is temporarily unavailable. */
  readonly retrySeconds: number;
}

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 2000;

/** Client of Vault's API. It retries temporary failures and explains the others. */
export class Vault {
  readonly options: VaultOptions;
  tokens: TokenSource | undefined;
  #onWarning: (warning: string) => void = () => undefined;

  constructor(options: VaultOptions) {
    this.options = options;
  }

  /**
   * A client with the same server and session, in the namespace of one object.
   *
   * @param onWarning - receives Vault's warnings
   */
  for(namespace: string | undefined, onWarning: (warning: string) => void): Vault {
    const parts = [this.options.namespace, namespace ?? ""].map((part) => part.replace(/^\/+|\/+$/g, ""));
    const copy = new Vault({ ...this.options, namespace: parts.filter((part) => part !== "").join("/") });
    copy.tokens = this.tokens;
    copy.#onWarning = onWarning;
    return copy;
  }

  /** The data at a path; undefined when there is none. */
  async get(path: string, options: RequestOptions = {}): Promise<ApiData | undefined> {
    return (await this.send("GET", path, options))?.data ?? undefined;
  }

  /** The names below a path. */
  async list(path: string): Promise<string[]> {
    const keys = (await this.send("LIST", path, {}))?.data?.keys;
    return Array.isArray(keys) ? keys.map(String) : [];
  }

  async post(path: string, body: ApiData, options: RequestOptions = {}): Promise<VaultAnswer> {
    const answer = await this.send("POST", path, { ...options, body });
    if (answer === undefined) {
      throw new OperatorError({
        what: `Vault has nothing at ${path}`,
        where: this.options.address,
        remedy: "check the mount path: the engine or auth method must be mounted there first",
      });
    }
    return answer;
  }

  /** Succeeds also when there is nothing to delete. */
  async delete(path: string): Promise<void> {
    await this.send("DELETE", path, {});
  }

  /** Sends a request, with retries. @returns undefined when the path does not exist (404) */
  async send(method: HttpRequest["method"], path: string, options: RequestOptions): Promise<VaultAnswer | undefined> {
    const token = options.token ?? (await this.tokens?.current()) ?? "";
    const request = this.#requestOf(method, path, options, token);
    const answer = await this.#withRetries(request, options.once ?? false);
    if (answer.status === 404 && (method !== "POST" || reasonsIn(answer).length === 0)) {
      return undefined;
    }
    if (answer.status === 403 && options.token === undefined && (await this.tokens?.replaced(token)) === true) {
      return this.send(method, path, options);
    }
    if (answer.status >= 300) {
      throw new VaultRefusal(answer.status, reasonsIn(answer), request, this.options.address);
    }
    const parsed = answer.body === "" ? {} : answerBody.parse(JSON.parse(answer.body));
    parsed.warnings?.forEach((warning) => this.#onWarning(warning));
    return parsed;
  }

  #requestOf(method: HttpRequest["method"], path: string, options: RequestOptions, token: string): HttpRequest {
    const namespace = options.namespace ?? this.options.namespace;
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers = {
      "x-vault-request": "true",
      ...(token === "" ? {} : { "x-vault-token": token }),
      ...(namespace === "" ? {} : { "x-vault-namespace": namespace }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    return { method, path, headers, body, signal: options.signal };
  }

  async #withRetries(request: HttpRequest, once: boolean): Promise<HttpAnswer> {
    const end = performance.now() + this.options.retrySeconds * 1000;
    for (let pause = firstPauseMilliseconds; ; pause = Math.min(pause * 2, longestPauseMilliseconds)) {
      const last = performance.now() + pause > end;
      try {
        const answer = await this.options.exchange(request);
        if (!mayRetryStatus(answer.status, reasonsIn(answer))) {
          return answer;
        }
        if (last) {
          await this.#explainUnavailable(answer);
          return answer;
        }
      } catch (error) {
        const code = codeOf(error);
        if (code === "" || code === "ABORT_ERR") {
          throw error;
        }
        if (last || !mayRetryConnection(code, once)) {
          throw unreachable(this.options.address, code, error);
        }
      }
      await delay(pause, undefined, { signal: request.signal });
    }
  }

  /** The server's own answer does not explain it. @throws OperatorError for a standby, a sealed or a new server */
  async #explainUnavailable(answer: HttpAnswer): Promise<void> {
    if (answer.status === standbyStatus) {
      throw noActiveServer(this.options.address);
    }
    if (answer.status !== 503) {
      return;
    }
    const health = await this.options.exchange({ method: "GET", path: "sys/health", headers: {} });
    const state = healthBody.safeParse(JSON.parse(health.body || "{}"));
    if (state.success && (state.data.sealed || !state.data.initialized)) {
      throw notServing(this.options.address, state.data);
    }
  }
}
