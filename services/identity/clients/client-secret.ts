import { randomBytes } from "node:crypto";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Vault } from "../vault/vault.ts";
import type { OAuthClientSpec } from "./custom-resource.ts";

/** A client's secret as Vault has it. */
export interface ClientSecret {
  readonly value: string;
  readonly generation: number;
  /** Tells versions apart, see `SecretVersion.storedAt`. */
  readonly storedAt: string;
}

const storedSecret = z.object({ client_id: z.string(), client_secret: z.string().min(1), generation: z.int() });

/** Path below the KV mount: what consumers read. */
export const secretPath = (clientId: string): string => `oauth/${clientId}`;

const secretBytes = 32;

/**
 * The secret of a client: what Vault holds, or a new one, stored before anybody uses it.
 *
 * A new one is made when there is none, or when the declared generation is greater than that of the one there.
 *
 * @throws OperatorError when what Vault holds is not a client's secret
 */
export async function clientSecret(vault: Vault, declared: OAuthClientSpec): Promise<ClientSecret> {
  const path = secretPath(declared.clientId);
  const stored = await vault.read(path);
  if (stored.values !== undefined) {
    const { success, data } = storedSecret.safeParse(stored.values);
    if (!success) {
      throw new OperatorError({
        what: `what Vault holds is not the secret of the client ${declared.clientId}`,
        where: vault.placeOf(path),
        remedy: "delete it (a new secret is made), or restore an older version of it",
      });
    }
    if (data.generation >= declared.secretGeneration) {
      return { value: data.client_secret, generation: data.generation, storedAt: stored.storedAt };
    }
  }
  const value = randomBytes(secretBytes).toString("base64url");
  const generation = declared.secretGeneration;
  const values = { client_id: declared.clientId, client_secret: value, generation };
  const { storedAt } = await vault.write(path, values, stored.version);
  return { value, generation, storedAt };
}
