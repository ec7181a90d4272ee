import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type AgentOptions } from "node:https";

export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Error code when a server accepts a request but does not answer it in time. */
export const noAnswer = "ERR_NO_ANSWER";

/** An HTTP client of one server. Its connections stay open for further requests. */
export class HttpClient {
  readonly #agent: HttpAgent;
  readonly #start: typeof httpRequest;
  readonly #timeoutSeconds: number;

  /** @param timeoutSeconds - a request fails after this time without data from the server */
  constructor(server: string, timeoutSeconds: number, options: AgentOptions = {}) {
    const secure = server.startsWith("https:");
    const all = { keepAlive: true, ...options };
    this.#agent = secure ? new HttpsAgent(all) : new HttpAgent(all);
    this.#start = secure ? httpsRequest : httpRequest;
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** Any status is a response. @throws Error with Node's `code`, or `noAnswer`, when the connection fails */
  send(url: URL, { method, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const timeout = this.#timeoutSeconds * 1000;
    const options = { method, agent: this.#agent, headers: { ...headers, ...length }, timeout, signal };
    return new Promise((resolve, reject) => {
      const request = this.#start(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const content = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: content });
        });
      });
      request.on("timeout", () => {
        const error = new Error(`no answer within ${this.#timeoutSeconds} s`);
        request.destroy(Object.assign(error, { code: noAnswer }));
      });
      request.on("error", reject);
      request.end(body);
    });
  }
}
