import pRetry from "p-retry";
import { OperatorError } from "../../../components/errors/operator-error.ts";

/** The part of `fetch` that our clients use. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface Patience {
  /** For how long a server that is away or says "not now" is asked again. */
  readonly milliseconds: number;
  /** First pause between two attempts; it doubles up to five seconds. */
  readonly pauseMilliseconds: number;
  /** A request without an answer after this counts as lost. Default: 15 seconds. */
  readonly silenceMilliseconds?: number;
}

const usualPatience: Patience = { milliseconds: 60_000, pauseMilliseconds: 200 };
const longestPauseMilliseconds = 5000;
const usualSilenceMilliseconds = 15_000;

/** Codes for a request that never left. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const lost = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT", "TimeoutError"]);

/** Statuses by which a server, or a proxy before it, says "not now". */
const passing = new Set([429, 502, 503, 504]);

class NotNow extends Error {
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

/** A request that must not be done twice is sent again only when it surely never arrived. */
function mayRetry(error: Error, method: string): boolean {
  const code = codeOf(error);
  return error instanceof NotNow || neverSent.has(code) || (method !== "POST" && lost.has(code));
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
        ? "name the authority that signed it in NODE_EXTRA_CA_CERTS, and use a name that the certificate holds"
        : "check the address in the configuration, that the server runs, and the way to it",
    },
    { cause: error },
  );
}

/**
 * `fetch` for a program that runs once: it waits for servers that restart, and says clearly when one stays away.
 *
 * @returns a function that throws an OperatorError when nobody answers; every answer is returned, whatever its status
 */
export function patientFetch(patience: Patience = usualPatience): Fetch {
  const { silenceMilliseconds = usualSilenceMilliseconds } = patience;
  return async (url, init = {}) => {
    const attempt = async (): Promise<Response> => {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(silenceMilliseconds) });
      if (passing.has(response.status)) {
        throw new NotNow(response);
      }
      return response;
    };
    try {
      return await pRetry(attempt, {
        retries: Infinity,
        maxRetryTime: patience.milliseconds,
        minTimeout: patience.pauseMilliseconds,
        maxTimeout: longestPauseMilliseconds,
        shouldRetry: ({ error }) => mayRetry(error, init.method ?? "GET"),
      });
    } catch (error) {
      if (error instanceof NotNow) {
        return error.response;
      }
      throw codeOf(error) === "TypeError" ? error : unreachable(url, error);
    }
  };
}
