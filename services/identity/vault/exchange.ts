import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Fetch } from "../network/retrying-fetch.ts";

/** A request to Vault's API. */
export interface VaultRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path below `/v1/`. */
  readonly path: string;
  /** Default: none, as for a login. */
  readonly token?: string;
  readonly body?: unknown;
}

/** Vault's answer, whatever its status. */
export interface VaultAnswer {
  readonly status: number;
  /** An empty object when the answer has no body. */
  readonly body: unknown;
}

/**
 * Sends a request to Vault and returns its answer. It follows no redirect of a standby: the token is for this address only.
 *
 * @throws OperatorError when the server that answers is not Vault
 */
export async function exchange(
  fetch: Fetch,
  address: string,
  { method, path, token = "", body }: VaultRequest,
): Promise<VaultAnswer> {
  const response = await fetch(new URL(`/v1/${path}`, address), {
    method,
    redirect: "manual",
    headers: { "x-vault-request": "true", ...(token === "" ? {} : { "x-vault-token": token }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  try {
    return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
  } catch (cause) {
    throw new OperatorError(
      {
        what: `the server at Vault's address is not Vault (${response.status})`,
        where: address,
        remedy: "check Vault's address and the proxies between this pod and Vault",
      },
      { cause },
    );
  }
}

const refusalBody = z.object({ errors: z.array(z.string()) });

/** Why Vault refused, in one line; empty when it gives no reason. */
export function reasonsIn({ body }: VaultAnswer): string {
  const refusal = refusalBody.safeParse(body);
  return refusal.success ? refusal.data.errors.map((error) => error.replaceAll(/\s+/g, " ").trim()).join("; ") : "";
}
