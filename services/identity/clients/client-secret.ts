import { randomBytes } from "node:crypto";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Vault } from "../vault/vault.ts";
import type { OAuthClientSpec } from "./custom-resource.ts";

/** A client's secret as Vault stores it. */
export interface ClientSecret {
  readonly value: string;
  readonly generation: number;
  /** Identifies the version, see `SecretVersion.storedAt`. */
  readonly storedAt: string;
}

const storedSecret = z.object({ client_id: z.string(), client_secret: z.string().min(1), generation: z.int() });

/** Path below the KV mount from which the consumer reads the secret. */
export const secretPath = (namespace: string, clientId: string): string => `oauth/${namespace}/${clientId}`;

const secretBytes = 32;

/**
 * The secret of a client: the stored one, or a new one, which is stored before anybody uses it.
 *
 * A new secret is made when there is none, or when the generation of the spec is greater than the stored one.
 *
 * @param namespace - namespace of the OAuthClient
 * @throws OperatorError when Vault stores something other than a secret at the path
 */
export async function clientSecret(vault: Vault, namespace: string, spec: OAuthClientSpec): Promise<ClientSecret> {
  const path = secretPath(namespace, spec.clientId);
  const stored = await vault.read(path);
  if (stored.values !== undefined) {
    const { success, data } = storedSecret.safeParse(stored.values);
    if (!success) {
      throw new OperatorError({
        what: `Vault stores something other than the secret of the client ${spec.clientId}`,
        where: vault.where(path),
        remedy: "delete it (a new secret is made), or restore an older version of it",
      });
    }
    if (data.generation >= spec.secretGeneration) {
      return { value: data.client_secret, generation: data.generation, storedAt: stored.storedAt };
    }
  }
  const value = randomBytes(secretBytes).toString("base64url");
  const generation = spec.secretGeneration;
  const values = { client_id: spec.clientId, client_secret: value, generation };
  const { storedAt } = await vault.write(path, values, stored.version);
  return { value, generation, storedAt };
}
