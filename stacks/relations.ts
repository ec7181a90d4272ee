import type { LayerName } from "./settings/platform-settings.ts";

/** What an endpoint can be asked for. */
export type Interface = "oauth" | "oauth-admin" | "identity" | "secrets" | "database" | "web" | "operation";

/** Something that runs under a name of its own: `<layer>/<application>`. */
export type ApplicationName = `${LayerName}/${string}`;

/** An OAuth2 client as its consumer declares it; its secret is made in Vault. */
export interface DeclaredClient {
  /** Name of the client in Hydra, and of its folder in Vault. */
  readonly clientId: string;
  /** Shown to people when they are asked to agree. */
  readonly name: string;
  readonly grantTypes: readonly ("authorization_code" | "client_credentials" | "refresh_token")[];
  readonly scopes: readonly string[];
  /** Audiences that its tokens may be asked for. Default: none. */
  readonly audience?: readonly string[];
  /** Paths below the consumer's own URL to which people come back; none for a client without people. */
  readonly redirects?: readonly { readonly host: string; readonly path: string }[];
  /** Redirect URIs outside of the platform, such as a command line's on the person's own machine. Default: none. */
  readonly redirectUris?: readonly string[];
  /** Whether people are not asked: a part of the platform itself. Default: false. */
  readonly trusted?: boolean;
  /** Counted up for a new secret. Default: 1. */
  readonly secretGeneration?: number;
}

/** What a relation says beyond its two ends. */
export type RelationDetail =
  | { readonly interface: "oauth"; readonly client: DeclaredClient }
  | { readonly interface: "oauth-admin" | "identity" | "web" | "operation" }
  /**
   * `own`: reads its own folder. `keyring`: keeps the folder of another. `clients`: keeps the OAuth2 clients'. `init`:
   * initialises HashiCorp Vault, before anybody has a policy.
   */
  | {
      readonly interface: "secrets";
      readonly use: "own" | "keyring" | "clients" | "sync" | "init";
      readonly of?: string;
      readonly settings?: readonly string[];
    }
  /** `leased`: Vault makes the users; `leasing`: Vault itself. */
  | { readonly interface: "database"; readonly database: string; readonly use: "leased" | "leasing" };

/** One declared edge: who consumes what of whom. */
export type Relation = RelationDetail & {
  readonly consumer: ApplicationName;
  readonly endpoint: ApplicationName;
};

/** An application, and what it offers: TCP ports of its pods by interface. */
export interface Application {
  /** Namespace, where it is not that of the layer's model. */
  readonly namespace?: string;
  /** Whether its pods are found by its label; otherwise they are all pods of its namespace. Default: true. */
  readonly labelled?: boolean;
  readonly offers?: Readonly<Partial<Record<Interface, readonly number[]>>>;
  /** TCP ports on which its own pods reach each other. Default: none. */
  readonly peers?: readonly number[];
}

/** Every application that takes part in a relation. */
export const applications: Readonly<Record<ApplicationName, Application>> = {
  "foundation/front-door": { namespace: "ingress", labelled: false },
  "foundation/postgres-operator": { namespace: "cnpg-system", labelled: false },
  "foundation/secrets-operator": { namespace: "vault-secrets-operator-system", labelled: false },
  "iam/postgres": { offers: { database: [5432], operation: [5432, 8000] }, peers: [5432, 8000] },
  "iam/vault": { offers: { secrets: [8200], web: [8200] }, peers: [8200, 8201] },
  "iam/vault-init": {},
  "iam/hydra-keyring": {},
  "iam/kratos-keyring": {},
  "iam/identity-keyring": {},
  "iam/hydra": { offers: { oauth: [4444], "oauth-admin": [4445], web: [4444] } },
  "iam/kratos": { offers: { identity: [4433, 4434], web: [4433] } },
  "iam/identity": { offers: { web: [8443] } },
  "iam/oauth-clients": {},
  "iam/people": {},
};

/** Every edge of the platform. What is not here is neither let in nor given a secret. */
export const relations: readonly Relation[] = [
  { consumer: "foundation/postgres-operator", endpoint: "iam/postgres", interface: "operation" },
  { consumer: "foundation/secrets-operator", endpoint: "iam/vault", interface: "secrets", use: "sync" },
  { consumer: "foundation/front-door", endpoint: "iam/vault", interface: "web" },
  { consumer: "foundation/front-door", endpoint: "iam/hydra", interface: "web" },
  { consumer: "foundation/front-door", endpoint: "iam/kratos", interface: "web" },
  { consumer: "foundation/front-door", endpoint: "iam/identity", interface: "web" },
  { consumer: "iam/vault", endpoint: "iam/postgres", interface: "database", database: "vault", use: "leasing" },
  { consumer: "iam/vault-init", endpoint: "iam/vault", interface: "secrets", use: "init" },
  { consumer: "iam/hydra-keyring", endpoint: "iam/vault", interface: "secrets", use: "keyring", of: "hydra" },
  { consumer: "iam/kratos-keyring", endpoint: "iam/vault", interface: "secrets", use: "keyring", of: "kratos" },
  { consumer: "iam/identity-keyring", endpoint: "iam/vault", interface: "secrets", use: "keyring", of: "identity" },
  { consumer: "iam/hydra", endpoint: "iam/postgres", interface: "database", database: "hydra", use: "leased" },
  { consumer: "iam/hydra", endpoint: "iam/vault", interface: "secrets", use: "own" },
  { consumer: "iam/kratos", endpoint: "iam/postgres", interface: "database", database: "kratos", use: "leased" },
  { consumer: "iam/kratos", endpoint: "iam/vault", interface: "secrets", use: "own", settings: ["mail"] },
  { consumer: "iam/kratos", endpoint: "iam/hydra", interface: "oauth-admin" },
  { consumer: "iam/identity", endpoint: "iam/vault", interface: "secrets", use: "own" },
  { consumer: "iam/identity", endpoint: "iam/hydra", interface: "oauth-admin" },
  { consumer: "iam/identity", endpoint: "iam/kratos", interface: "identity" },
  { consumer: "iam/oauth-clients", endpoint: "iam/vault", interface: "secrets", use: "clients" },
  { consumer: "iam/oauth-clients", endpoint: "iam/hydra", interface: "oauth-admin" },
  {
    consumer: "iam/people",
    endpoint: "iam/hydra",
    interface: "oauth",
    client: {
      clientId: "vault",
      name: "Vault",
      grantTypes: ["authorization_code"],
      scopes: ["openid", "email", "profile", "groups"],
      redirects: [{ host: "vault", path: "/ui/vault/auth/oidc/oidc/callback" }],
      redirectUris: ["http://localhost:8250/oidc/callback"],
      trusted: true,
    },
  },
];
