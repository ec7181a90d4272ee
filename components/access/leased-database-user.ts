import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { SecretBackendRole } from "@pulumi/vault/database/secretBackendRole.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { postgresPort } from "../postgres/cluster.ts";
import { leaseStatements } from "../postgres/leased-users.ts";
import { engines } from "../vault/mounts.ts";
import { destinationSpec, type DestinationArgs } from "./destination.ts";
import { secretsOperatorApi } from "./vault-connection.ts";

export interface LeasedDatabaseUserArgs extends Omit<DestinationArgs, "templates"> {
  /** Layer of the consumer: the first part of the role's name. */
  readonly layer: string;
  /** Database, and the role that owns it. A change replaces Vault's role. */
  readonly database: string;
  /** DNS name of the PostgreSQL server. */
  readonly host: pulumi.Input<string>;
  /** Connection of Vault's database engine. */
  readonly connection: pulumi.Input<string>;
  /** Seconds after which the consumer gets another user, at least 60. Changed in place. */
  readonly rotationSeconds: number;
  /** Further parameters of the database's URL, such as the size of the pool. Default: none. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** File in which the consumer finds the CA of the server. */
  readonly caFile: string;
}

/** Key of the Secret with a connection service file of PostgreSQL (libpq manual, "The Connection Service File"). */
export const serviceFileKey = "pg_service.conf";

/** Name of the one service in it. */
const service = "database";

/** Vault Secrets Operator takes another user when this much of the lease of the last is over. */
const renewalPercent = 67;

/** Name of a role of the database engine. */
export function databaseRole(layer: string, database: string): string {
  return physicalName("vaultRole", layer, database);
}

/**
 * A user of a database that Vault makes, and replaces again and again; it acts as the owner of the database.
 *
 * The former user is good for half as long again as it was in use, so nothing fails in between. The Secret holds
 * `username`, `password` and, for drivers that read it at each new connection (libpq, pgx), a service file; with that, the
 * URL of the database is no secret. Let a pool's connections end within some minutes (`max_conn_lifetime`).
 */
export class LeasedDatabaseUser extends BibindComponent {
  /** Name of the Secret, known once it holds a user. */
  readonly secretName: pulumi.Output<string>;
  /** URL of the database, without the user. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: LeasedDatabaseUserArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:LeasedDatabaseUser", name, opts);
    const owner = physicalName("postgresIdentifier", args.database);
    const { creation, revocation } = leaseStatements(owner);
    const leaseSeconds = Math.ceil((args.rotationSeconds * 100) / renewalPercent);
    const role = new SecretBackendRole(
      this.child("role"),
      {
        backend: engines.database,
        name: databaseRole(args.layer, args.database),
        dbName: args.connection,
        creationStatements: [creation],
        revocationStatements: [revocation],
        // A lease that cannot be renewed for its full length is one that the operator replaces.
        defaultTtl: leaseSeconds,
        maxTtl: leaseSeconds,
      },
      { parent: this },
    );
    const synced = new CustomResource(
      this.child("synced"),
      {
        apiVersion: secretsOperatorApi,
        kind: "VaultDynamicSecret",
        metadata: {
          name: physicalName("kubernetesObject", args.secretName),
          namespace: args.identity.namespace,
          annotations: untilLeased,
        },
        spec: {
          mount: engines.database,
          path: pulumi.interpolate`creds/${role.name}`,
          renewalPercent,
          ...destinationSpec({ ...args, templates: credentials(owner) }),
        },
      },
      { parent: this },
    );
    this.secretName = synced.id.apply(() => args.secretName);
    this.url = databaseUrl(args);
    this.registerOutputs({ secretName: this.secretName, url: this.url });
  }
}

/** Until Vault Secrets Operator has a user for the first time. */
const untilLeased = { "pulumi.com/waitFor": "jsonpath={.status.secretLease.id}" };

/** Vault Secrets Operator fills the user in; the password needs no escape (see `passwordPolicy`). */
function credentials(owner: string): Record<string, string> {
  const username = `{{ get .Secrets "username" }}`;
  const password = `{{ get .Secrets "password" }}`;
  // As the owner: what the user makes stays when it goes. PostgreSQL lets no function of ours set that for a user.
  const lines = [`[${service}]`, `user=${username}`, `password=${password}`, `options=-crole=${owner}`];
  return { username, password, [serviceFileKey]: `${lines.join("\n")}\n` };
}

function databaseUrl({ host, database, caFile, parameters }: LeasedDatabaseUserArgs): pulumi.Output<string> {
  const all = new URLSearchParams({ service, sslmode: "verify-full", sslrootcert: caFile, ...parameters });
  const query = decodeURIComponent(all.toString());
  return pulumi.interpolate`postgres://${host}:${postgresPort}/${physicalName("postgresIdentifier", database)}?${query}`;
}
