import { z } from "zod";
import { serviceUrl } from "../config.ts";
import type { Vault } from "../vault/vault.ts";
import { clientSecret } from "./client-secret.ts";
import type { OAuthClientSpec } from "./custom-resource.ts";

/** The sign-in of people to Vault itself: one of the clients is Vault's own. */
export const vaultSignIn = z.strictObject({
  /** Path of Vault's OIDC auth method below `auth/`. */
  mount: z.string().min(1),
  clientId: z.string().min(1),
  issuer: serviceUrl(),
  /** PEM certificate of the CA that signed the issuer's; empty for a public one. */
  caCertificate: z.string(),
  /** Role by which people sign in unless they name another. */
  defaultRole: z.string().min(1),
});

export type VaultSignIn = z.output<typeof vaultSignIn>;

/**
 * Tells Vault by which client its people sign in. Vault looks the issuer up while it is told.
 *
 * It is done at every run: Vault does not tell which secret it was given last.
 *
 * @throws OperatorError when Vault refuses, as it does when it cannot reach the issuer
 */
export async function configureVaultSignIn(
  { mount, clientId, issuer, caCertificate, defaultRole }: VaultSignIn,
  clients: readonly OAuthClientSpec[],
  vault: Vault,
): Promise<void> {
  const client = clients.find((declared) => declared.clientId === clientId);
  if (client === undefined) {
    throw new Error(`${clientId} is no declared client`);
  }
  await vault.configure(`auth/${mount}/config`, {
    oidc_discovery_url: issuer,
    oidc_discovery_ca_pem: caCertificate,
    oidc_client_id: clientId,
    oidc_client_secret: (await clientSecret(vault, client)).value,
    default_role: defaultRole,
  });
}
