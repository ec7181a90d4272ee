import { isDeepStrictEqual } from "node:util";
import type { OAuth2Client } from "@ory/hydra-client-fetch";
import { z } from "zod";
import type { OAuthClientSpec } from "./custom-resource.ts";
import type { ClientSecret } from "./client-secret.ts";

/** What we note on a client in Hydra: that it is ours, and which secret it was last given. Never the secret. */
const note = z.object({ managedBy: z.literal("bibind"), generation: z.int(), secretStoredAt: z.string() });

/** Whether a client was made from a declaration, at any time. */
export const isOurs = (held: OAuth2Client): boolean => note.safeParse(held.metadata).success;

/** Whether Hydra was given this very secret: if not, a run ended between Vault and Hydra, or somebody changed one. */
export function knowsSecret(held: OAuth2Client, secret: ClientSecret): boolean {
  const { success, data } = note.safeParse(held.metadata);
  return success && data.generation === secret.generation && data.secretStoredAt === secret.storedAt;
}

/** A declared client in Hydra's words, without its secret. */
export function wantedClient(declared: OAuthClientSpec, secret: ClientSecret | undefined): OAuth2Client {
  return {
    client_id: declared.clientId,
    client_name: declared.name,
    grant_types: declared.grantTypes,
    response_types: declared.responseTypes,
    redirect_uris: declared.redirectUris,
    post_logout_redirect_uris: declared.postLogoutRedirectUris,
    scope: declared.scopes.join(" "),
    audience: declared.audience,
    token_endpoint_auth_method: declared.tokenEndpointAuthMethod,
    skip_consent: declared.skipConsent,
    access_token_strategy: declared.accessTokenStrategy,
    metadata: { managedBy: "bibind", generation: secret?.generation ?? 0, secretStoredAt: secret?.storedAt ?? "" },
    // Hydra's defaults, which it would fill in itself (client/validator.go, v2.3).
    subject_type: "public",
    userinfo_signed_response_alg: "none",
  };
}

/** Hydra's own book-keeping: nobody declares it. */
const bookkeeping = new Set(["created_at", "updated_at", "client_secret", "client_secret_expires_at"]);

/** Hydra answers what is not set sometimes with nothing, sometimes with an empty value. */
const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== "" &&
  value !== false &&
  !isDeepStrictEqual(value, []) &&
  !isDeepStrictEqual(value, {});

const fieldsOf = (client: OAuth2Client): Map<string, unknown> =>
  new Map(Object.entries(client).filter(([name, value]) => !bookkeeping.has(name) && isSet(value)));

/**
 * The fields in which Hydra's client is not as wanted, by their names in Hydra.
 *
 * What nobody declared counts too: a token lifespan that was set by hand is a difference.
 */
export function differences(held: OAuth2Client, wanted: OAuth2Client): string[] {
  const [is, shall] = [fieldsOf(held), fieldsOf(wanted)];
  const names = new Set([...is.keys(), ...shall.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(is.get(name), shall.get(name))).sort();
}
