import { isDeepStrictEqual } from "node:util";
import type { OAuth2Client } from "@ory/hydra-client-fetch";
import { z } from "zod";
import type { ClientSecret } from "./client-secret.ts";
import type { ClientHome, OAuthClientSpec } from "./custom-resource.ts";
import type { NamespacedName } from "./oauth-clients.ts";

/** What the controller records on a client in Hydra: the OAuthClient that owns it, and the secret it got last. Never the secret. */
const managedMetadata = z.object({
  managedBy: z.literal("bibind"),
  owner: z.object({ namespace: z.string(), name: z.string() }),
  generation: z.int(),
  secretStoredAt: z.string(),
});

/** What it records besides, if the client has a page for people. The URL of the page is the field `client_uri`. */
const homeMetadata = managedMetadata.extend({
  home: z.object({
    healthUri: z.string(),
    purpose: z.object({ en: z.string(), fr: z.string() }),
    roles: z.array(z.string()),
  }),
});

/** The page of a client for people, and the name of the application; undefined for a client that has none. */
export function homeOf(actual: OAuth2Client): (ClientHome & { readonly name: string }) | undefined {
  const home = homeMetadata.safeParse(actual.metadata).data?.home;
  const { client_name: name, client_uri: uri } = actual;
  return home === undefined || name === undefined || uri === undefined ? undefined : { ...home, name, uri };
}

/** The OAuthClient that owns a client; undefined for a client that was made by hand. */
export function ownerOf(actual: OAuth2Client): NamespacedName | undefined {
  return managedMetadata.safeParse(actual.metadata).data?.owner;
}

/** Whether Hydra has this version of the secret. If not, a run ended before Hydra, or somebody changed Vault or Hydra. */
export function hasSecret(actual: OAuth2Client, secret: ClientSecret): boolean {
  const { success, data } = managedMetadata.safeParse(actual.metadata);
  return success && data.generation === secret.generation && data.secretStoredAt === secret.storedAt;
}

/** A client in Hydra's form, without its secret. */
export function desiredClient(
  spec: OAuthClientSpec,
  { namespace, name }: NamespacedName,
  secret: ClientSecret | undefined,
): OAuth2Client {
  const { uri, ...home } = spec.home ?? {};
  return {
    client_id: spec.clientId,
    client_name: spec.name,
    client_uri: uri,
    grant_types: spec.grantTypes,
    response_types: spec.responseTypes,
    redirect_uris: spec.redirectUris,
    post_logout_redirect_uris: spec.postLogoutRedirectUris,
    scope: spec.scopes.join(" "),
    audience: spec.audience,
    token_endpoint_auth_method: spec.tokenEndpointAuthMethod,
    skip_consent: spec.skipConsent,
    access_token_strategy: spec.accessTokenStrategy,
    metadata: {
      managedBy: "bibind",
      owner: { namespace, name },
      generation: secret?.generation ?? 0,
      secretStoredAt: secret?.storedAt ?? "",
      ...(uri === undefined ? {} : { home }),
    },
    // Hydra's defaults, which it would set itself (client/validator.go, v2.3).
    subject_type: "public",
    userinfo_signed_response_alg: "none",
  };
}

/** Fields that Hydra sets for itself; no spec declares them. */
const internalFields = new Set(["created_at", "updated_at", "client_secret", "client_secret_expires_at"]);

/** Hydra returns a field that is not set either as absent or as an empty value. */
const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== "" &&
  value !== false &&
  !isDeepStrictEqual(value, []) &&
  !isDeepStrictEqual(value, {});

const fieldsOf = (client: OAuth2Client): Map<string, unknown> =>
  new Map(Object.entries(client).filter(([name, value]) => !internalFields.has(name) && isSet(value)));

/**
 * The fields in which Hydra's client differs from the desired client, by their names in Hydra.
 *
 * A field that no spec declares counts too: a token lifespan that was set by hand is a difference.
 */
export function differences(actual: OAuth2Client, desired: OAuth2Client): string[] {
  const [actualFields, desiredFields] = [fieldsOf(actual), fieldsOf(desired)];
  const names = new Set([...actualFields.keys(), ...desiredFields.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(actualFields.get(name), desiredFields.get(name))).sort();
}
