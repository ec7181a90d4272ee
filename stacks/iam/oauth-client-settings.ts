import { z } from "zod";
import { faultOfRedirectUri } from "../../services/identity/clients/redirect-uri.ts";
import { relations } from "../relations.ts";
import { valueAt } from "../settings/anatomy.ts";
import { distinct, dnsLabel, rule, text, wholeNumber } from "../settings/values.ts";

const grantTypes = ["authorization_code", "client_credentials", "refresh_token"] as const;

const redirectUri = () =>
  text(
    "an https URL such as https://reports.example.com/callback, http for a program on one's own machine alone",
    (value) => faultOfRedirectUri(value) === undefined,
  );

/** Who signs people in must say where they come back to; the reconciler would refuse it only after everything else is there. */
const somewhereToComeBack = rule((given) => {
  const [grants, uris] = [valueAt(given, ["grantTypes"]), valueAt(given, ["redirectUris"]) ?? []];
  const signsPeopleIn = Array.isArray(grants) && grants.includes("authorization_code");
  return signsPeopleIn && Array.isArray(uris) && uris.length === 0
    ? [
        {
          path: ["redirectUris"],
          message: "missing; with authorization_code people must have somewhere to come back to",
        },
      ]
    : [];
});

const ownClients = relations.flatMap((relation) => (relation.interface === "oauth" ? [relation.client.clientId] : []));

const everyClientOnce = rule((given) => {
  const names = Array.isArray(given) ? given.map((client) => valueAt(client, ["clientId"])) : [];
  return names.flatMap((name, index) => {
    const isOwn = typeof name === "string" && ownClients.includes(name);
    const isTaken = typeof name === "string" && names.indexOf(name) !== index;
    const holder = isOwn ? "the platform" : `oauthClients[${names.indexOf(name)}]`;
    return isOwn || isTaken
      ? [{ path: [index, "clientId"], message: `"${name}" is a client of ${holder} already` }]
      : [];
  });
});

const client = z.strictObject({
  clientId: dnsLabel("reports").describe("Name of the client, and of its secret in Vault: `kv/oauth/<clientId>`."),
  name: text("a name of 1 to 64 characters", /^[^\n]{1,64}$/).describe("Shown to people when they are asked to agree."),
  grantTypes: distinct(z.enum(grantTypes))
    .default(["client_credentials"])
    .describe("How it may come by a token (RFC 6749)."),
  scopes: distinct(text("a scope such as vm:read", /^[\x21\x23-\x5B\x5D-\x7E]+$/))
    .default(["openid"])
    .describe("What it may ask for."),
  audience: distinct(text("an audience without blanks", /^\S+$/)).default([]).describe("For whom its tokens may be."),
  redirectUris: distinct(redirectUri()).default([]).describe("Where people come back to after they have signed in."),
  secretGeneration: wholeNumber(1, 1_000_000).default(1).describe("Counted up for a new secret."),
});

/** The OAuth2 clients of programs outside of the platform. */
export const oauthClientSettings = z
  .array(client.check(somewhereToComeBack))
  .check(everyClientOnce)
  .default([])
  .describe("OAuth2 clients of programs outside of the platform; its own come from the relations.");
