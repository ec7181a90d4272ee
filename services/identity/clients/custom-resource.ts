import { z } from "zod";
import { faultOfRedirectUri, hasSameOrigin } from "./redirect-uri.ts";

/** The custom resource that declares one OAuth2 client of Hydra. */
export const oauthClientResource = {
  group: "bibind.com",
  version: "v1",
  kind: "OAuthClient",
  plural: "oauthclients",
} as const;

const redirectUri = z.string().superRefine((value, context) => {
  const fault = faultOfRedirectUri(value);
  if (fault !== undefined) {
    context.addIssue({ code: "custom", message: `${fault}, got ${JSON.stringify(value)}` });
  }
});

/** A token of OAuth2, such as a scope or an audience (RFC 6749, section 3.3). The settings share it. */
export const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

const word = z.string().regex(scopeToken, "expected one word");

const grantTypes = [
  "authorization_code",
  "refresh_token",
  "client_credentials",
  "implicit",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
] as const;

const httpsUrl = () =>
  z.string().regex(/^https:\/\/[a-z0-9.-]+(:\d+)?\//, "expected a URL such as https://odoo.bibind.test/");

/** The page of an application for people, as the start page shows it. */
const clientHome = z.strictObject({
  uri: httpsUrl().describe("URL of the page."),
  healthUri: httpsUrl().describe("URL that answers with a status below 400 when the application works."),
  purpose: z
    .strictObject({ en: z.string().min(1), fr: z.string().min(1) })
    .describe("What people do there, in each language of the pages."),
  roles: z
    .array(z.string().min(1))
    .default([])
    .describe("Roles whose members may use it; the default is everybody with an account."),
});

export type ClientHome = z.output<typeof clientHome>;

/** Kubernetes refuses a change of the field: another id is another client. */
const immutable = [
  { rule: "self == oldSelf", message: "clientId cannot change: delete this OAuthClient, make another" },
];

const shape = z.strictObject({
  clientId: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected a name of a-z, 0-9 and -, at most 63 long")
    .meta({ description: "Id of the client in Hydra; it cannot change.", "x-kubernetes-validations": immutable }),
  name: z.string().min(1).describe("Name that people read on the consent page."),
  grantTypes: z.array(z.enum(grantTypes)).min(1).describe("How the client gets tokens (RFC 6749)."),
  responseTypes: z
    .array(z.string().regex(/^(code|token|id_token)( (code|token|id_token))*$/))
    .default([])
    .describe("What the authorization endpoint may answer to the client."),
  redirectUris: z.array(redirectUri).default([]).describe("Where the browser returns to after the sign-in."),
  postLogoutRedirectUris: z.array(redirectUri).default([]).describe("Where the browser returns to after the sign-out."),
  scopes: z.array(word).min(1).describe("Scopes that the client may request."),
  audience: z.array(word).default([]).describe("Audiences that the client may request."),
  tokenEndpointAuthMethod: z
    .enum(["client_secret_basic", "client_secret_post", "none"])
    .default("client_secret_basic")
    .describe("How the client proves its identity; none is for a public client, which has no secret."),
  skipConsent: z.boolean().default(false).describe("Whether people are not asked for consent."),
  accessTokenStrategy: z
    .enum(["jwt", "opaque"])
    .optional()
    .describe("Format of access tokens; the default is Hydra's own setting."),
  secretGeneration: z.int().min(1).default(1).describe("A greater number than before makes a new secret."),
  home: clientHome.optional().describe("How the start page shows the application; the default is not at all."),
});

/** One OAuth2 client, as `spec` of the custom resource declares it. */
export type OAuthClientSpec = z.output<typeof shape>;

export const isPublic = (client: OAuthClientSpec): boolean => client.tokenEndpointAuthMethod === "none";

const usesBrowser = (client: OAuthClientSpec): boolean =>
  client.grantTypes.includes("authorization_code") || client.grantTypes.includes("implicit");

/** Rules between fields: the field that is wrong, when it is wrong, and the message. */
const rules: readonly [keyof OAuthClientSpec, (client: OAuthClientSpec) => boolean, string][] = [
  [
    "redirectUris",
    (client) => usesBrowser(client) && client.redirectUris.length === 0,
    "a client that signs people in needs at least one",
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

/** `spec` of the custom resource. The API server checks the shape; the controller checks the rest. */
export const oauthClientSpec = shape.superRefine((client, context) => {
  for (const [field, isWrong, message] of rules) {
    if (isWrong(client)) {
      context.addIssue({ code: "custom", path: [field], message });
    }
  }
  client.postLogoutRedirectUris.forEach((uri, index) => {
    if (!hasSameOrigin(uri, client.redirectUris)) {
      const message = "must have the scheme, host and port of one of redirectUris";
      context.addIssue({ code: "custom", path: ["postLogoutRedirectUris", index], message });
    }
  });
});

/** One condition of the status, by the conventions of the Kubernetes API (metav1.Condition). */
const condition = z.object({
  type: z.string(),
  status: z.enum(["True", "False", "Unknown"]),
  observedGeneration: z.int().min(1).optional(),
  lastTransitionTime: z.string().meta({ format: "date-time" }),
  reason: z.string(),
  message: z.string(),
});

export type Condition = z.output<typeof condition>;

/** `status` of the custom resource. */
export const oauthClientStatus = z.object({
  observedGeneration: z.int().min(1).optional().describe("Generation of the spec that the controller saw last."),
  conditions: z
    .array(condition)
    .optional()
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] }),
});

export type OAuthClientStatus = z.output<typeof oauthClientStatus>;

/** A structural schema must not have both `properties` and `additionalProperties`; Kubernetes prunes unknown fields itself. */
const structural = (schema: z.ZodType): object =>
  z.toJSONSchema(schema, {
    target: "openapi-3.0",
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });

/** `spec` of the CustomResourceDefinition `oauthclients.bibind.com` (apiextensions.k8s.io/v1). */
export function oauthClientDefinition() {
  const { group, version, kind, plural } = oauthClientResource;
  return {
    group,
    scope: "Namespaced",
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: "Client", type: "string", jsonPath: ".spec.clientId" },
          { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
        ],
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: { spec: structural(oauthClientSpec), status: structural(oauthClientStatus) },
          },
        },
      },
    ],
  };
}
