import { z } from "zod";
import { faultOfRedirectUri, isNeighbour } from "./redirect-uri.ts";

const redirectUri = z.string().superRefine((value, context) => {
  const fault = faultOfRedirectUri(value);
  if (fault !== undefined) {
    context.addIssue({ code: "custom", message: `${fault}, got ${JSON.stringify(value)}` });
  }
});

/** A word of OAuth2, such as a scope or an audience (RFC 6749, section 3.3). */
const word = z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, "expected one word");

const grantTypes = [
  "authorization_code",
  "refresh_token",
  "client_credentials",
  "implicit",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
] as const;

/** One OAuth2 client as the platform's code declares it. */
const shape = z.strictObject({
  clientId: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected a name of a-z, 0-9 and -, at most 63 long"),
  /** What people read on the consent page. */
  name: z.string().min(1),
  grantTypes: z.array(z.enum(grantTypes)).min(1),
  responseTypes: z.array(z.string().regex(/^(code|token|id_token)( (code|token|id_token))*$/)).default([]),
  redirectUris: z.array(redirectUri).default([]),
  postLogoutRedirectUris: z.array(redirectUri).default([]),
  scopes: z.array(word).min(1),
  audience: z.array(word).default([]),
  tokenEndpointAuthMethod: z.enum(["client_secret_basic", "client_secret_post", "none"]).default("client_secret_basic"),
  /** For programs of the platform itself, which need not ask people. */
  skipConsent: z.boolean().default(false),
  /** Default: what Hydra is set to. */
  accessTokenStrategy: z.enum(["jwt", "opaque"]).optional(),
  /** A greater number than before makes a new secret. */
  secretGeneration: z.int().min(1).default(1),
});

export type DeclaredClient = z.output<typeof shape>;

export const isPublic = (client: DeclaredClient): boolean => client.tokenEndpointAuthMethod === "none";

const withBrowser = (client: DeclaredClient): boolean =>
  client.grantTypes.includes("authorization_code") || client.grantTypes.includes("implicit");

/** Rules between the fields of a client: which field, and what to say. */
const rules: readonly [keyof DeclaredClient, (client: DeclaredClient) => boolean, string][] = [
  [
    "redirectUris",
    (client) => withBrowser(client) && client.redirectUris.length === 0,
    "a client that sends people to sign in needs one",
  ],
  [
    "responseTypes",
    (client) =>
      client.grantTypes.includes("authorization_code") && !client.responseTypes.some((type) => /\bcode\b/.test(type)),
    'authorization_code needs the response type "code"',
  ],
  [
    "grantTypes",
    (client) => isPublic(client) && client.grantTypes.includes("client_credentials"),
    "a client without a secret cannot use client_credentials",
  ],
];

const declaredClient = shape.superRefine((client, context) => {
  for (const [field, breaks, message] of rules) {
    if (breaks(client)) {
      context.addIssue({ code: "custom", path: [field], message });
    }
  }
  client.postLogoutRedirectUris.forEach((uri, index) => {
    if (!isNeighbour(uri, client.redirectUris)) {
      const message = "must have the scheme, host and port of one of redirectUris";
      context.addIssue({ code: "custom", path: ["postLogoutRedirectUris", index], message });
    }
  });
});

/** Every client that Hydra shall hold, and no other. */
export const declaredClients = z.array(declaredClient).superRefine((clients, context) => {
  clients.forEach(({ clientId }, index) => {
    if (clients.findIndex((other) => other.clientId === clientId) < index) {
      context.addIssue({ code: "custom", path: [index, "clientId"], message: `${clientId} is declared twice` });
    }
  });
});
