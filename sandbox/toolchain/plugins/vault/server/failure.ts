import { z } from "zod";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";

/** Vault answered, and the answer is a refusal. */
export class VaultRefusal extends OperatorError {
  readonly status: number;
  /** What Vault itself said, one text per error. */
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

/** Paths of Vault that ask for the capability `sudo` beside the usual one. */
const rootPaths = /^sys\/(audit|auth\/[^/]+$|remount|raw|rotate|seal)/;

function remedyFor(status: number, request: HttpRequest): string {
  if (status === 403) {
    const sudo = rootPaths.test(request.path) ? " and sudo" : "";
    return `give the token a policy with the capability ${capabilities[request.method]}${sudo} on path "${request.path}"`;
  }
  return status >= 500 ? "look into Vault's own log for the cause" : "mend the properties that Vault names";
}

const refusalBody = z.object({ errors: z.array(z.string()).nullish() });

/** What Vault says in the body of a refusal, each on one line; empty when the body is not Vault's. */
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

/** Codes of Node for a request that never left. */
const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const lost = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED"]);

/** Node's code of a connection error, such as `ECONNREFUSED`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** May the request be sent again? A request that must not be done twice only when it surely never arrived. */
export function mayRetryConnection(code: string, once: boolean): boolean {
  return neverSent.has(code) || (!once && lost.has(code));
}

/** Statuses by which Vault, a standby or a load balancer says "not now". */
const passing = new Set([412, 429, 472, 473, 502, 503, 504]);

/** What Vault says of a state that passes, under a status that means a failure. */
const passingWords = [
  "Upgrading from non-versioned to versioned data",
  "local node not active but active cluster node not found",
  // The way to a Service that was just made is there a moment after its pods are ready.
  "dial error: dial tcp",
];

export function mayRetryStatus(status: number, reasons: readonly string[]): boolean {
  return passing.has(status) || reasons.some((reason) => passingWords.some((words) => reason.includes(words)));
}

/** The connection failed: nobody there, or nobody to trust. */
export function unreachable(address: string, code: string, cause: unknown): OperatorError {
  const untrusted = code.startsWith("ERR_TLS") || /CERT|SIGNATURE|SELF_SIGNED/.test(code);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new OperatorError(
    untrusted
      ? {
          what: `the certificate of Vault is not trusted: ${message} (${code})`,
          where: address,
          remedy: "set the provider's caCertFile to the authority that signed it, and use a name that it holds",
        }
      : {
          what: `Vault cannot be reached: ${message}${message.includes(code) ? "" : ` (${code})`}`,
          where: address,
          remedy: "check the provider's address (or VAULT_ADDR), that Vault runs, and the way to it",
        },
    { cause },
  );
}

/** Vault is there but does not serve, by what its health endpoint says. */
export function notServing(address: string, health: { initialized: boolean; sealed: boolean }): OperatorError {
  return health.initialized
    ? new OperatorError({
        what: "Vault is sealed",
        where: address,
        remedy: "unseal it, or look why its auto-unseal does not work (seal key, Vault's log)",
      })
    : new OperatorError({
        what: "Vault is not initialised",
        where: address,
        remedy: "initialise it first (OpenBao: `initialize` blocks; HashiCorp Vault: `vault operator init`)",
      });
}
