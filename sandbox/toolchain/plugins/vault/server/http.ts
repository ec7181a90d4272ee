import { HttpClient } from "../../server/http.ts";

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
  /** Trusted certificate authorities (PEM). Empty: those of the system. */
  readonly authorities: readonly string[];
  readonly verify: boolean;
  /** Name that the certificate must have. Default: the host of the address. */
  readonly serverName: string | undefined;
}

export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

const timeoutSeconds = 60;

function urlOf(address: string, path: string): URL {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${address.replace(/\/+$/, "")}/v1/${encoded}`);
}

/** Returns a function that sends requests to Vault. It verifies the server's certificate unless `verify` is false. */
export function httpExchange({ address, authorities, verify, serverName }: HttpSettings): Exchange {
  const client = new HttpClient(address, timeoutSeconds, {
    rejectUnauthorized: verify,
    ca: authorities.length > 0 ? [...authorities] : undefined,
    servername: serverName,
  });
  return (request) => client.send(urlOf(address, request.path), request);
}
