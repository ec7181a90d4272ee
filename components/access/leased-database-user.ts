import type * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { SecretBackendRole } from "@pulumi/vault/database/secretBackendRole.js";
import { BibindComponent } from "../base.ts";
import { caFile } from "../kubernetes/model.ts";
import { physicalName } from "../names.ts";
import { postgresPort } from "../postgres/endpoint.ts";
import { leaseStatements } from "../postgres/leased-users.ts";
import type { DatabaseConnection } from "../vault/database-connection.ts";
import { engines } from "../vault/mounts.ts";
import { databaseRole } from "../vault/paths.ts";
import { destinationMetadata, destinationSpec, type DestinationArgs } from "./destination.ts";
import { secretsOperatorApi } from "./vault-connection.ts";

export interface LeasedDatabaseUserArgs extends Omit<DestinationArgs, "templates"> {
  /** Layer of the consumer: the first part of the role's name. */
  readonly layer: string;
  /** Database, and the role that owns it. A change replaces Vault's role. */
  readonly database: string;
  /** Vault's connection to the cluster of the database. */
  readonly connection: DatabaseConnection;
  /** Seconds after which the consumer gets another user, at least 60. Changed in place. */
  readonly rotationSeconds: number;
  /** Further parameters of the database's URL, such as the size of the pool. Default: none. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Key of the Secret with a connection service file of PostgreSQL (libpq manual, "The Connection Service File"). */
export const serviceFileKey = "pg_service.conf";

/** Name of the only service in it. */
const service = "database";

/** Vault Secrets Operator takes another user after this part of the lease. */
const renewalPercent = 67;

/**
 * A user of a database that Vault creates and regularly replaces. The user acts as the owner of the database.
 *
 * An old user stays valid for half of its time in use, so that no connection fails. The Secret holds `username`,
 * `password` and a service file, which some drivers read at each new connection (libpq, pgx); with that file, the URL of
 * the database holds no secret. Let the connections of a pool end within a minute (`max_conn_lifetime`), because the end of a
 * user ends its connections.
 */
export class LeasedDatabaseUser extends BibindComponent {
  /** Name of the Secret. */
  readonly secretName: string;
  /** URL of the database, without the user. */
  readonly url: string;

  constructor(name: string, args: LeasedDatabaseUserArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:LeasedDatabaseUser", name, opts, args.identity, args.connection);
    const owner = physicalName("postgresIdentifier", args.database);
    const { creation, renewal, revocation } = leaseStatements(owner);
    const leaseSeconds = Math.ceil((args.rotationSeconds * 100) / renewalPercent);
    const role = new SecretBackendRole(
      this.child("role"),
      {
        backend: engines.database,
        name: databaseRole(args.layer, args.database),
        dbName: args.connection.connectionName,
        creationStatements: [creation],
        revocationStatements: [revocation],
        renewStatements: [renewal],
        // The operator replaces a lease that cannot be renewed for its full length.
        defaultTtl: leaseSeconds,
        maxTtl: leaseSeconds,
      },
      { parent: this },
    );
    new CustomResource(
      this.child("synced"),
      {
        apiVersion: secretsOperatorApi,
        kind: "VaultDynamicSecret",
        metadata: destinationMetadata(args, "jsonpath={.status.secretLease.id}"),
        spec: {
          mount: engines.database,
          path: `creds/${databaseRole(args.layer, args.database)}`,
          renewalPercent,
          // The user is dropped with this object, while Vault still reaches the database.
          revoke: true,
          ...destinationSpec({ ...args, templates: credentials(owner) }),
        },
      },
      { parent: this, dependsOn: [role] },
    );
    this.secretName = args.secretName;
    this.url = databaseUrl(args);
    this.registerOutputs({ secretName: this.secretName, url: this.url });
  }
}

/** Vault Secrets Operator fills in the user. The password needs no escape (see `passwordPolicy`). */
function credentials(owner: string): Record<string, string> {
  const username = `{{ get .Secrets "username" }}`;
  const password = `{{ get .Secrets "password" }}`;
  // The owner must own what the user creates, because the user is dropped later. No function of ours can set a user's role.
  const lines = [`[${service}]`, `user=${username}`, `password=${password}`, `options=-crole=${owner}`];
  return { username, password, [serviceFileKey]: `${lines.join("\n")}\n` };
}

function databaseUrl({ connection, database, parameters }: LeasedDatabaseUserArgs): string {
  const all = new URLSearchParams({ service, sslmode: "verify-full", sslrootcert: caFile, ...parameters });
  const query = decodeURIComponent(all.toString());
  return `postgres://${connection.host}:${postgresPort}/${physicalName("postgresIdentifier", database)}?${query}`;
}
