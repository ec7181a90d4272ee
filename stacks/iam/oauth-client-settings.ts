import { z } from "zod";
import { peopleRoles } from "../../components/vault/people.ts";
import { scopeToken } from "../../services/identity/clients/custom-resource.ts";
import { faultOfRedirectUri } from "../../services/identity/clients/redirect-uri.ts";
import { valueAt } from "../settings/schema.ts";
import { displayName, distinct, dnsLabel, rule, text, wholeNumber } from "../settings/values.ts";

const grantTypes = ["authorization_code", "client_credentials", "refresh_token"] as const;

const redirectUri = () =>
  text(
    "an https URL such as https://reports.example.com/callback, http only for a program on a person's machine",
    (value) => faultOfRedirectUri(value) === undefined,
  );

/** A client that signs people in needs a redirect URI. Without this rule, Hydra would refuse the client much later. */
const needsRedirectUri = rule((given) => {
  const [grants, uris] = [valueAt(given, ["grantTypes"]), valueAt(given, ["redirectUris"]) ?? []];
  const signsPeopleIn = Array.isArray(grants) && grants.includes("authorization_code");
  return signsPeopleIn && Array.isArray(uris) && uris.length === 0
    ? [
        {
          path: ["redirectUris"],
          message: "missing; authorization_code needs a redirect URI, to which people return",
        },
      ]
    : [];
});

const client = z.strictObject({
  clientId: dnsLabel("reports").describe(
    "Name of the client, and of its credential in Vault: `kv/oauth/iam/<clientId>`.",
  ),
  name: displayName().describe("Name that people see when they are asked for consent."),
  owner: z
    .enum([...peopleRoles, "program"])
    .describe(
      "Who reads the client's credential in Vault: every person with a role, or a program that logs in by AppRole.",
    ),
  grantTypes: distinct(z.enum(grantTypes))
    .min(1)
    .default(["client_credentials"])
    .describe("How the client gets tokens (RFC 6749)."),
  scopes: distinct(text("a scope such as vm:read", scopeToken))
    .min(1)
    .default(["openid"])
    .describe("Scopes that it may request."),
  audience: distinct(text("an ASCII word without blanks, quotes and backslashes", scopeToken))
    .default([])
    .describe("Audiences that its tokens may have."),
  redirectUris: distinct(redirectUri()).default([]).describe("URIs to which people return after the sign-in."),
  secretGeneration: wholeNumber(1, 1_000_000).default(1).describe("Increase it for a new secret."),
});

/** The OAuth2 clients of programs outside of the platform. */
export const oauthClientSettings = z
  .array(client.check(needsRedirectUri))
  .default([])
  .describe("OAuth2 clients of programs outside of the platform. Its own clients come from the relations.");
