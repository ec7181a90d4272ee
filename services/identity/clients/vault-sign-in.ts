import { z } from "zod";
import { serviceUrl } from "../config.ts";
import type { Vault } from "../vault/vault.ts";

/** How people sign in to Vault itself: one of the OAuth2 clients is Vault's own. */
export const vaultSignIn = z.strictObject({
  /** Path of Vault's OIDC auth method below `auth/`. */
  mount: z.string().min(1),
  /** Namespace of the OAuthClient. */
  namespace: z.string().min(1),
  clientId: z.string().min(1),
  issuer: serviceUrl(),
  /** PEM certificate of the CA that signed the issuer's; empty for a public CA. */
  caCertificate: z.string(),
  /** Role of people who do not choose another one. */
  defaultRole: z.string().min(1),
});

export type VaultSignIn = z.output<typeof vaultSignIn>;

/**
 * Configures the client with which people sign in to Vault. Vault does not show its secret, so each reconciliation writes
 * the secret. Vault contacts the issuer at once.
 *
 * @throws OperatorError when Vault refuses, as it does when it cannot reach the issuer
 */
export async function configureVaultSignIn(
  { mount, clientId, issuer, caCertificate, defaultRole }: VaultSignIn,
  clientSecret: string,
  vault: Vault,
): Promise<void> {
  await vault.configure(`auth/${mount}/config`, {
    oidc_discovery_url: issuer,
    oidc_discovery_ca_pem: caCertificate,
    oidc_client_id: clientId,
    oidc_client_secret: clientSecret,
    default_role: defaultRole,
  });
}
