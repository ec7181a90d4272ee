import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { SecretBackendStaticRole } from "@pulumi/vault/database/secretBackendStaticRole.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { postgresPort } from "../postgres/cluster.ts";
import { rotationStatement } from "../postgres/rotation.ts";
import { engines } from "../vault/mounts.ts";
import { destinationSpec, untilSynced, type DestinationArgs } from "./destination.ts";
import { secretsOperatorApi } from "./vault-connection.ts";

export interface RotatedDatabaseUserArgs extends Omit<DestinationArgs, "templates"> {
  /** Layer of the consumer: the first part of the role's name. */
  readonly layer: string;
  /** Database, and the user that owns it. A change replaces the role. */
  readonly database: string;
  /** DNS name of the PostgreSQL server. */
  readonly host: pulumi.Input<string>;
  /** Connection of Vault's database engine. */
  readonly connection: pulumi.Input<string>;
  /** Seconds between two rotations, at least 60. Changed in place. */
  readonly rotationSeconds: number;
  /** Further parameters of that URL, such as the size of the pool. Default: none. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** File in which the consumer finds the CA of the server. */
  readonly caFile: string;
}

/** Name of a static role of the database engine. */
export function databaseRole(layer: string, database: string): string {
  return physicalName("vaultRole", layer, database);
}

/** Key of the Secret with a password file of PostgreSQL (libpq manual, "The Password File"). */
export const passwordFileKey = "pgpass";

/**
 * The owner of a database, whose password Vault alone sets, again and again.
 *
 * The Secret holds `username`, `password` and, for drivers that read a password file for each new connection (libpq,
 * pgx), `pgpass`; the URL of the database is no secret then. In the moment between a rotation and the arrival of the new
 * password, a pool keeps its connections but can open none: let it keep as many as it may open.
 */
export class RotatedDatabaseUser extends BibindComponent {
  /** Name of the Secret, known once it holds the password. */
  readonly secretName: pulumi.Output<string>;
  /** URL of the database, without the password. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: RotatedDatabaseUserArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:RotatedDatabaseUser", name, opts);
    const user = physicalName("postgresIdentifier", args.database);
    const role = new SecretBackendStaticRole(
      this.child("role"),
      {
        backend: engines.database,
        name: databaseRole(args.layer, args.database),
        dbName: args.connection,
        username: user,
        rotationPeriod: args.rotationSeconds,
        rotationStatements: [rotationStatement],
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
          annotations: untilSynced,
        },
        spec: {
          mount: engines.database,
          path: pulumi.interpolate`static-creds/${role.name}`,
          allowStaticCreds: true,
          ...destinationSpec({ ...args, templates: credentials(user) }),
        },
      },
      { parent: this },
    );
    this.secretName = synced.id.apply(() => args.secretName);
    this.url = databaseUrl(args, user);
    this.registerOutputs({ secretName: this.secretName, url: this.url });
  }
}

/** Vault Secrets Operator fills the password in, which needs no escape (see `passwordPolicy`). */
function credentials(user: string): Record<string, string> {
  const password = `{{ get .Secrets "password" }}`;
  return { username: user, password, [passwordFileKey]: `*:*:*:${user}:${password}` };
}

function databaseUrl(args: RotatedDatabaseUserArgs, user: string): pulumi.Output<string> {
  const parameters = new URLSearchParams({ sslmode: "verify-full", sslrootcert: args.caFile, ...args.parameters });
  const query = decodeURIComponent(parameters.toString());
  return pulumi.interpolate`postgres://${user}@${args.host}:${postgresPort}/${user}?${query}`;
}
