import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Fetch } from "../network/patient-fetch.ts";

/** A request to Vault's API. */
export interface VaultRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path below `/v1/`. */
  readonly path: string;
  /** Default: none, as before a login. */
  readonly token?: string;
  readonly body?: unknown;
}

/** Vault's answer, whatever its status. */
export interface VaultAnswer {
  readonly status: number;
  /** An empty object where nothing came back. */
  readonly body: unknown;
}

/**
 * One exchange with Vault.
 *
 * @throws OperatorError when what answers is not Vault
 */
export async function exchange(
  fetch: Fetch,
  address: string,
  { method, path, token = "", body }: VaultRequest,
): Promise<VaultAnswer> {
  const response = await fetch(new URL(`/v1/${path}`, address), {
    method,
    headers: { "x-vault-request": "true", ...(token === "" ? {} : { "x-vault-token": token }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  try {
    return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
  } catch (cause) {
    throw new OperatorError(
      {
        what: `what answers at Vault's address is not Vault (${response.status})`,
        where: address,
        remedy: "check Vault's address and what stands between this pod and Vault",
      },
      { cause },
    );
  }
}

const refusalBody = z.object({ errors: z.array(z.string()) });

/** Why Vault says no, in one line; empty where it does not say. */
export function reasonsIn({ body }: VaultAnswer): string {
  const refusal = refusalBody.safeParse(body);
  return refusal.success ? refusal.data.errors.map((error) => error.replaceAll(/\s+/g, " ").trim()).join("; ") : "";
}
