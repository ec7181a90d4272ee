import { authMethods, engines } from "../mounts.ts";
import { allow, at, ownToken, policyText } from "./policy.ts";

const { kv, database, transit, pki } = engines;

/** Where an application's own secrets are: `kv/data/<layer>/<app>`. */
export interface AppSecrets {
  readonly layer: string;
  readonly app: string;
}

/** What a workload may use; nothing that is not named. */
export interface WorkloadNeeds {
  /** Its own secrets, to read. */
  readonly secrets?: AppSecrets;
  /** Secrets that the operator gave in the settings, to read. */
  readonly settings?: readonly string[];
  /** OAuth2 clients whose credential it reads, by their names. */
  readonly oauthClients?: readonly string[];
  /** Roles of the database engine by which it is leased users. */
  readonly databaseRoles?: readonly string[];
  /** Keys that it encrypts and decrypts with. */
  readonly transitKeys?: readonly string[];
  /** Roles by which it is issued certificates. */
  readonly certificateRoles?: readonly string[];
}

/**
 * The policy of one workload: exactly what it needs.
 *
 * @throws OperatorError for a name that could mean more than itself
 */
export function workloadPolicy(needs: WorkloadNeeds): string {
  const {
    secrets,
    settings = [],
    oauthClients = [],
    databaseRoles = [],
    transitKeys = [],
    certificateRoles = [],
  } = needs;
  return policyText(
    ...ownToken,
    ...(secrets === undefined ? [] : [allow(at`${kv}/data/${secrets.layer}/${secrets.app}`, "read")]),
    ...settings.map((setting) => allow(at`${kv}/data/settings/${setting}`, "read")),
    ...oauthClients.map((client) => allow(at`${kv}/data/oauth/${client}`, "read")),
    ...databaseRoles.map((role) => allow(at`${database}/creds/${role}`, "read")),
    // With `create`, encrypting would make a key that is not there.
    ...transitKeys.flatMap((key) => [
      allow(at`${transit}/encrypt/${key}`, "update"),
      allow(at`${transit}/decrypt/${key}`, "update"),
    ]),
    ...certificateRoles.map((role) => allow(at`${pki}/issue/${role}`, "update")),
  );
}

/** The policy of the job that keeps Hydra's OAuth2 clients: their credentials, and by which of them people sign in here. */
export const reconcilerPolicy = policyText(
  ...ownToken,
  allow(at`${kv}/data/oauth/+`, "create", "read", "update"),
  allow(at`auth/${authMethods.people}/config`, "create", "update"),
);

/** The policy of the job that makes and rotates an application's own secrets. */
export function keyringPolicy({ layer, app }: AppSecrets): string {
  return policyText(...ownToken, allow(at`${kv}/data/${layer}/${app}`, "create", "read", "update"));
}
