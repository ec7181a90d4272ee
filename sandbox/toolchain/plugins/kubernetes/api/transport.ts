import { setTimeout as delay } from "node:timers/promises";
import type { Connection } from "../../../../../components/kubernetes/kubeconfig.ts";
import { HttpClient, type HttpResponse } from "../../server/http.ts";
import { CancelledError, UnreachableError } from "./errors.ts";

export interface Request {
  readonly method: "GET" | "PATCH" | "POST" | "DELETE";
  /** Path with a leading slash, without the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** Media type of the body. Default `application/json`. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

const RETRY_DELAYS_MS = [150, 500, 1500, 3000];
const TRANSIENT = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "EAI_AGAIN"]);

/** HTTP to one API server. A failed connection is retried for about five seconds. */
export class Transport {
  readonly #connection: Connection;
  readonly #client: HttpClient;

  constructor(connection: Connection, timeoutSeconds: number) {
    this.#connection = connection;
    this.#client = new HttpClient(connection.server, timeoutSeconds, { maxSockets: 12, ...connection.tls });
  }

  get server(): string {
    return this.#connection.server;
  }

  /** Any HTTP status is a reply. @throws UnreachableError without a reply, CancelledError when the signal aborts */
  async send(request: Request): Promise<HttpResponse> {
    for (let attempt = 0; ; attempt += 1) {
      const wait = RETRY_DELAYS_MS[attempt];
      try {
        const reply = await this.#attempt(request);
        if ((reply.status !== 429 && reply.status !== 503) || wait === undefined) {
          return reply;
        }
        await this.#pause(retryAfterMs(reply) ?? wait, request.signal);
      } catch (error) {
        if (request.signal?.aborted === true) {
          throw new CancelledError(`talking to ${this.server}`);
        }
        if (!isTransient(error) || wait === undefined) {
          throw new UnreachableError(this.server, error);
        }
        await this.#pause(wait, request.signal);
      }
    }
  }

  async #pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    await delay(milliseconds, undefined, { signal }).catch(() => {
      throw new CancelledError(`talking to ${this.server}`);
    });
  }

  async #attempt({ method, path, query, body, contentType, signal }: Request): Promise<HttpResponse> {
    const url = new URL(this.#connection.server + path);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    const headers = {
      accept: "application/json",
      ...(await this.#connection.headers()),
      ...(body === undefined ? {} : { "content-type": contentType ?? "application/json" }),
    };
    return this.#client.send(url, { method, headers, body, signal });
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && TRANSIENT.has(error.code);
}

function retryAfterMs(reply: HttpResponse): number | undefined {
  const seconds = Number(reply.headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 5) * 1000 : undefined;
}
