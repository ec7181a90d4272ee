import pRetry from "p-retry";
import { OperatorError } from "../../../components/errors/operator-error.ts";

/** The part of `fetch` that our clients use. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface RetryOptions {
  /** How long a request is retried when the server does not answer or is temporarily unavailable. */
  readonly milliseconds: number;
  /** First pause between two attempts; it doubles up to five seconds. */
  readonly pauseMilliseconds: number;
  /** An attempt without a response after this time has failed. Default: 15 seconds. */
  readonly timeoutMilliseconds?: number;
}

const defaultOptions: RetryOptions = { milliseconds: 60_000, pauseMilliseconds: 200 };
const longestPauseMilliseconds = 5000;
const defaultTimeoutMilliseconds = 15_000;

/** Error codes of a request that was not sent. */
const notSentCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Error codes of a request that the server may have received. */
const lostCodes = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_SOCKET",
  "UND_ERR_HEADERS_TIMEOUT",
  "TimeoutError",
]);

/**
 * Statuses with which a server, or a proxy in front of it, reports that it is temporarily unavailable. With 307, a standby of
 * Vault reports that it does not reach the active server; only a caller that follows no redirect sees it.
 */
const temporaryStatuses = new Set([307, 429, 502, 503, 504]);

/** Vault's reason, with status 500, while no server of its cluster is active. */
const noActiveServer = "active cluster node not found";

async function isTemporary(response: Response): Promise<boolean> {
  const { status } = response;
  return temporaryStatuses.has(status) || (status === 500 && (await response.clone().text()).includes(noActiveServer));
}

class Unavailable extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`answered ${response.status}`);
    this.response = response;
  }
}

/** Node's code of a connection error such as `ECONNREFUSED`; `fetch` hides it in the cause. */
function codeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) {
    return "";
  }
  return "code" in inner && typeof inner.code === "string" ? inner.code : inner.name;
}

/** A POST must not happen twice: it is sent again only when the server did not process it. */
function mayRetry(error: Error, method: string): boolean {
  const code = codeOf(error);
  return error instanceof Unavailable || notSentCodes.has(code) || (method !== "POST" && lostCodes.has(code));
}

function unreachable(url: string | URL, error: unknown): OperatorError {
  const code = codeOf(error);
  const untrusted = code.startsWith("ERR_TLS") || /CERT|SIGNATURE|SELF_SIGNED/.test(code);
  const { origin } = new URL(url);
  return new OperatorError(
    {
      what: `${origin} ${untrusted ? "shows a certificate that is not trusted" : "does not answer"} (${code})`,
      where: origin,
      remedy: untrusted
        ? "name the CA that signed it in NODE_EXTRA_CA_CERTS, and use a host name that the certificate contains"
        : "check the address in the configuration, that the server runs, and the network between them",
    },
    { cause: error },
  );
}

/**
 * A `fetch` that retries while a server restarts.
 *
 * @returns a function that returns each response, whatever its status, and throws an OperatorError when no server answers
 */
export function retryingFetch(options: RetryOptions = defaultOptions): Fetch {
  const { timeoutMilliseconds = defaultTimeoutMilliseconds } = options;
  return async (url, init = {}) => {
    const attempt = async (): Promise<Response> => {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMilliseconds) });
      if (await isTemporary(response)) {
        throw new Unavailable(response);
      }
      return response;
    };
    try {
      return await pRetry(attempt, {
        retries: Infinity,
        maxRetryTime: options.milliseconds,
        minTimeout: options.pauseMilliseconds,
        maxTimeout: longestPauseMilliseconds,
        shouldRetry: ({ error }) => mayRetry(error, init.method ?? "GET"),
      });
    } catch (error) {
      if (error instanceof Unavailable) {
        return error.response;
      }
      throw codeOf(error) === "TypeError" ? error : unreachable(url, error);
    }
  };
}
