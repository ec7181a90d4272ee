import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../../../../../components/kubernetes/kubeconfig.ts";
import { CancelledError, UnreachableError } from "./errors.ts";

export interface Request {
  readonly method: "GET" | "PATCH" | "POST" | "DELETE";
  /** Path with leading slash, without query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** Media type of the body. Default `application/json`. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const RETRY_PAUSES_MS = [150, 500, 1500, 3000];
const TRANSIENT = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "EAI_AGAIN"]);

/** HTTP to one API server over kept-alive connections; a broken connection is tried again for about five seconds. */
export class Transport {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  readonly #agent: HttpAgent;

  constructor(connection: Connection, timeoutSeconds: number) {
    this.#connection = connection;
    this.#timeoutMs = timeoutSeconds * 1000;
    const options = { keepAlive: true, maxSockets: 12, ...connection.tls };
    this.#agent = connection.server.startsWith("https:") ? new HttpsAgent(options) : new HttpAgent(options);
  }

  get server(): string {
    return this.#connection.server;
  }

  /** @throws UnreachableError without an answer, CancelledError when the signal aborts; any HTTP status is a reply */
  async send(request: Request): Promise<Reply> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const reply = await this.#once(request);
        const again = RETRY_PAUSES_MS[attempt];
        if ((reply.status !== 429 && reply.status !== 503) || again === undefined) {
          return reply;
        }
        await pause(retryAfterMs(reply) ?? again);
      } catch (error) {
        if (request.signal?.aborted === true) {
          throw new CancelledError(`talking to ${this.server}`);
        }
        const again = RETRY_PAUSES_MS[attempt];
        if (!isTransient(error) || again === undefined) {
          throw new UnreachableError(this.server, error);
        }
        await pause(again);
      }
    }
  }

  async #once(request: Request): Promise<Reply> {
    const url = new URL(this.#connection.server + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    const headers: Record<string, string> = { accept: "application/json", ...(await this.#connection.headers()) };
    if (request.body !== undefined) {
      headers["content-type"] = request.contentType ?? "application/json";
      headers["content-length"] = String(Buffer.byteLength(request.body));
    }
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = start(url, {
        method: request.method,
        headers,
        agent: this.#agent,
        timeout: this.#timeoutMs,
        signal: request.signal,
      });
      outgoing.on("timeout", () => {
        outgoing.destroy(new Error(`no answer within ${this.#timeoutMs / 1000} s`));
      });
      outgoing.on("error", reject);
      outgoing.on("response", (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          });
        });
      });
      outgoing.end(request.body);
    });
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && TRANSIENT.has(error.code);
}

function retryAfterMs(reply: Reply): number | undefined {
  const seconds = Number(reply.headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 5) * 1000 : undefined;
}
