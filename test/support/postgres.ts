import { PostgresCluster } from "../../components/postgres/cluster.ts";
import { DatabaseConnection } from "../../components/vault/database-connection.ts";

/** A PostgreSQL cluster of the layer iam with one database. Its resources are `<name>-…`. */
export function postgresCluster(name: string, database: string): PostgresCluster {
  return new PostgresCluster(
    name,
    {
      namespace: "iam",
      application: "postgres",
      instances: 1,
      storageGiB: 5,
      storageClass: "local",
      image: "postgresql:17",
      databases: [database],
      clusterIssuer: "internal",
    },
    {},
  );
}

/** Vault's connection to such a cluster. Its resources are `<name>-…`; those of the cluster are `<name>-cluster-…`. */
export function databaseConnection(name: string, database: string): DatabaseConnection {
  return new DatabaseConnection(name, { layer: "iam", cluster: postgresCluster(`${name}-cluster`, database) }, {});
}
