import * as pulumi from "@pulumi/pulumi";
import { SecretBackendConnection } from "@pulumi/vault/database/secretBackendConnection.js";
import { BibindComponent } from "../base.ts";
import { caFile } from "../kubernetes/model.ts";
import { physicalName } from "../names.ts";
import type { PostgresCluster } from "../postgres/cluster.ts";
import { postgresPort } from "../postgres/endpoint.ts";
import { passwordPolicy } from "./core.ts";
import { engines } from "./mounts.ts";

export interface DatabaseConnectionArgs {
  /** Layer of the cluster: name of the connection, and first part of the roles that may use it. */
  readonly layer: string;
  /** Cluster in which Vault makes users. */
  readonly cluster: PostgresCluster;
}

/** The connection of Vault's database engine to the PostgreSQL cluster of one layer. */
export class DatabaseConnection extends BibindComponent {
  /** Name of the connection in the engine. */
  readonly connectionName: string;
  /** DNS name of the PostgreSQL server. */
  readonly host: string;

  constructor(name: string, args: DatabaseConnectionArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:DatabaseConnection", name, opts, args.cluster);
    const { host, database, username, password } = args.cluster.vaultAccess;
    this.host = host;
    this.connectionName = physicalName("vaultRole", args.layer);
    new SecretBackendConnection(
      this.child("connection"),
      {
        backend: engines.database,
        name: this.connectionName,
        allowedRoles: [`${this.connectionName}-*`],
        passwordPolicy,
        postgresql: {
          connectionUrl: `postgresql://{{username}}:{{password}}@${host}:${postgresPort}/${database}?sslmode=verify-full&sslrootcert=${caFile}`,
          username,
          password,
          // PostgreSQL and its log receive only the hash.
          passwordAuthentication: "scram-sha-256",
        },
      },
      { parent: this },
    );
    this.registerOutputs({ connectionName: this.connectionName, host: this.host });
  }
}
