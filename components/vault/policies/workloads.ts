import { authMethods, engines, personRole } from "../mounts.ts";
import { allow, at, ownToken, policyText, type Rule } from "./policy.ts";

const { kv, database, transit, pki } = engines;

/** An application, and the layer that it belongs to. */
export interface Workload {
  readonly layer: string;
  readonly app: string;
}

/** What a workload may use in Vault. Default of each field: nothing. */
export interface WorkloadNeeds extends Workload {
  /** Whether it reads its own keys. */
  readonly keys?: boolean;
  /** Settings of its layer that it reads. */
  readonly settings?: readonly string[];
  /** OAuth2 clients of its layer whose credential it reads, by their ids. */
  readonly oauthClients?: readonly string[];
  /** Roles of the database engine that lease users to it. */
  readonly databaseRoles?: readonly string[];
  /** Transit keys with which it encrypts and decrypts. */
  readonly transitKeys?: readonly string[];
  /** Roles by which it gets certificates. */
  readonly certificateRoles?: readonly string[];
}

/**
 * The policy of one workload: what it needs and nothing else.
 *
 * @throws OperatorError for a name with a character that is not allowed, such as a wildcard or a slash
 */
export function workloadPolicy(needs: WorkloadNeeds): string {
  const {
    layer,
    app,
    keys = false,
    settings = [],
    oauthClients = [],
    databaseRoles = [],
    transitKeys = [],
    certificateRoles = [],
  } = needs;
  return policyText(
    ...ownToken,
    ...(keys ? [allow(at`${kv}/data/${layer}/${app}`, "read")] : []),
    ...settings.map((setting) => allow(at`${kv}/data/settings/${layer}/${setting}`, "read")),
    ...oauthClients.map((client) => allow(at`${kv}/data/oauth/${layer}/${client}`, "read")),
    ...databaseRoles.map((role) => allow(at`${database}/creds/${role}`, "read")),
    ...ownLeases(databaseRoles),
    // With `create`, a request to encrypt would make a key that does not exist.
    ...transitKeys.flatMap((key) => [
      allow(at`${transit}/encrypt/${key}`, "update"),
      allow(at`${transit}/decrypt/${key}`, "update"),
    ]),
    ...certificateRoles.map((role) => allow(at`${pki}/issue/${role}`, "update")),
  );
}

/** The rights on its own leases: Vault Secrets Operator drops a database user together with its Secret. */
function ownLeases(databaseRoles: readonly string[]): readonly Rule[] {
  const parameters = { lease_id: databaseRoles.map((role) => `${database}/creds/${role}/*`) };
  return databaseRoles.length === 0
    ? []
    : [
        { ...allow(at`sys/leases/renew`, "update"), parameters },
        { ...allow(at`sys/leases/revoke`, "update"), parameters },
      ];
}

/** The sign-in of people that the controller of OAuth2 clients configures. */
export interface PeopleSignIn {
  /** Issuer of the ID tokens. */
  readonly issuer: string;
  /** Vault's own OAuth2 client. */
  readonly clientId: string;
}

/**
 * The policy of the controller of OAuth2 clients: it keeps their credentials, and writes that of Vault's own client into the
 * configuration of the sign-in of people. It cannot let people of another issuer in.
 */
export function clientControllerPolicy({ issuer, clientId }: PeopleSignIn): string {
  return policyText(
    ...ownToken,
    allow(at`${kv}/data/oauth/+/+`, "create", "read", "update"),
    allow(at`${kv}/metadata/oauth/+/+`, "delete"),
    {
      ...allow(at`auth/${authMethods.people}/config`, "create", "update"),
      parameters: {
        oidc_discovery_url: [issuer],
        oidc_discovery_ca_pem: [],
        oidc_client_id: [clientId],
        oidc_client_secret: [],
        default_role: [personRole],
      },
      closed: true,
    },
  );
}

/** The policy of the task that makes and rotates an application's own keys. */
export function keyringPolicy({ layer, app }: Workload): string {
  return policyText(...ownToken, allow(at`${kv}/data/${layer}/${app}`, "create", "read", "update"));
}

/** The policy of the owner of an OAuth2 client: it reads the credential of this client. */
export function clientOwnerPolicy(layer: string, clientId: string): string {
  return policyText(...ownToken, allow(at`${kv}/data/oauth/${layer}/${clientId}`, "read"));
}
