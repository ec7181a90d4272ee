import { z } from "zod";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { noAnswer } from "../../server/http.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";

/** Vault answered with a refusal. */
export class VaultRefusal extends OperatorError {
  readonly status: number;
  /** Vault's own messages, one for each error. */
  readonly reasons: readonly string[];

  constructor(status: number, reasons: readonly string[], request: HttpRequest, address: string) {
    super({
      what: `Vault refused ${request.method} ${request.path} (${status}): ${reasons.join("; ") || "no reason given"}`,
      where: address,
      remedy: remedyFor(status, request),
    });
    this.status = status;
    this.reasons = reasons;
  }
}

const capabilities = { GET: "read", LIST: "list", POST: "create and update", DELETE: "delete" } as const;

/** Paths of Vault that need the capability `sudo` in addition. */
const rootPaths = /^sys\/(audit|auth\/[^/]+$|remount|raw|rotate|seal)/;

function remedyFor(status: number, request: HttpRequest): string {
  if (status === 403) {
    const sudo = rootPaths.test(request.path) ? " and sudo" : "";
    return `give the token a policy with the capability ${capabilities[request.method]}${sudo} on path "${request.path}"`;
  }
  return status >= 500 ? "read the cause in Vault's log" : "correct the properties that Vault names";
}

const refusalBody = z.object({ errors: z.array(z.string()).nullish() });

/** Vault's messages in the body of a refusal, each on one line; empty when the body is not from Vault. */
export function reasonsIn(answer: HttpAnswer): string[] {
  try {
    const errors = refusalBody.parse(JSON.parse(answer.body)).errors ?? [];
    return errors.map((error) =>
      error
        .replace(/^\d+ errors? occurred:/, "")
        .replace(/\s*\n\s*(\* )?/g, " ")
        .trim(),
    );
  } catch {
    return [];
  }
}

/** Node's codes for a request that was not sent. */
const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
/** Node's codes for a request that may have arrived. */
const maybeSent = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED", noAnswer]);

/** Node's code of a connection error, such as `ECONNREFUSED`; empty for any other error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/**
 * Whether a request may be repeated after a connection error.
 *
 * @param once - the request must not take effect twice, so it is repeated only when it did not arrive
 */
export function mayRetryConnection(code: string, once: boolean): boolean {
  return neverSent.has(code) || (!once && maybeSent.has(code));
}

/** The status of a standby that does not reach the active server: it redirects the request, and does not process it. */
export const standbyStatus = 307;

/** Temporary statuses of Vault, a standby or a load balancer. */
const temporary = new Set([standbyStatus, 412, 429, 472, 473, 502, 503, 504]);

/** Messages about a temporary state, in an answer whose status means a permanent failure. */
const temporaryReasons = [
  "Upgrading from non-versioned to versioned data",
  "local node not active but active cluster node not found",
  // A new Service is reachable only some time after its pods are ready.
  "dial error: dial tcp",
];

/** Whether a request may be repeated after this answer. */
export function mayRetryStatus(status: number, reasons: readonly string[]): boolean {
  return temporary.has(status) || reasons.some((reason) => temporaryReasons.some((text) => reason.includes(text)));
}

/** The error for a failed connection: Vault is unreachable or its certificate is not trusted. */
export function unreachable(address: string, code: string, cause: unknown): OperatorError {
  const untrusted = code.startsWith("ERR_TLS") || /CERT|SIGNATURE|SELF_SIGNED/.test(code);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new OperatorError(
    untrusted
      ? {
          what: `the certificate of Vault is not trusted: ${message} (${code})`,
          where: address,
          remedy:
            "set the provider's caCertFile to the authority that signed it, and use an address that is in the certificate",
        }
      : {
          what: `Vault cannot be reached: ${message}${message.includes(code) ? "" : ` (${code})`}`,
          where: address,
          remedy: "check the provider's address (or VAULT_ADDR), that Vault is running, and the network connection",
        },
    { cause },
  );
}

/** The error for a standby that still does not reach the active server. Its redirect is not followed: it may lead anywhere. */
export function noActiveServer(address: string): OperatorError {
  return new OperatorError({
    what: "the server is a standby of Vault, and does not reach the active server",
    where: address,
    remedy: "check that a server of the cluster is active, and that the servers reach each other (cluster_addr)",
  });
}

/** The error for a server that runs but is sealed or not initialised, as its health endpoint reports. */
export function notServing(address: string, health: { initialized: boolean; sealed: boolean }): OperatorError {
  return health.initialized
    ? new OperatorError({
        what: "Vault is sealed",
        where: address,
        remedy: "unseal it, or find the cause why its auto-unseal fails (seal key, Vault's log)",
      })
    : new OperatorError({
        what: "Vault is not initialised",
        where: address,
        remedy: "initialise it first (OpenBao: `initialize` blocks; HashiCorp Vault: `vault operator init`)",
      });
}
