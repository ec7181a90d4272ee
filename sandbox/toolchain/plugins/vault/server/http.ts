import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

/** One HTTP request to Vault's API. */
export interface HttpRequest {
  readonly method: "GET" | "LIST" | "POST" | "DELETE";
  /** Path below `/v1/`, without a leading slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export interface HttpSettings {
  /** Such as `https://vault.bibind.test:8200`. */
  readonly address: string;
  /** Certificate authorities (PEM) to trust instead of the system's; empty: the system's. */
  readonly authorities: readonly string[];
  readonly verify: boolean;
  /** Name that the certificate must have. Default: the host of the address. */
  readonly serverName: string | undefined;
}

export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

/** A request counts as lost after this time without data from the server. */
const silenceMilliseconds = 60_000;

function urlOf(address: string, path: string): URL {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${address.replace(/\/+$/, "")}/v1/${encoded}`);
}

/** A function that sends requests over connections that stay open. It verifies TLS unless `verify` is false. */
export function httpExchange(settings: HttpSettings): Exchange {
  const secure = settings.address.startsWith("https:");
  const agent = secure
    ? new HttpsAgent({
        keepAlive: true,
        rejectUnauthorized: settings.verify,
        ca: settings.authorities.length > 0 ? [...settings.authorities] : undefined,
        servername: settings.serverName,
      })
    : new HttpAgent({ keepAlive: true });
  const start = secure ? httpsRequest : httpRequest;
  return ({ method, path, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const options = { method, agent, headers: { ...headers, ...length }, timeout: silenceMilliseconds, signal };
      const sent = start(urlOf(settings.address, path), options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        });
      });
      sent.on("timeout", () => sent.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
      sent.on("error", reject);
      sent.end(body);
    });
}
