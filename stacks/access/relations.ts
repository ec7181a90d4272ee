import { postgresApplication, postgresPort, postgresStatusPort } from "../../components/postgres/endpoint.ts";
import type { Application, ApplicationName, Relation } from "../map/relation.ts";

/** The PostgreSQL cluster of a layer, among its applications. */
export const postgresCluster: Readonly<Record<typeof postgresApplication, Application>> = {
  [postgresApplication]: {
    offers: {
      database: [postgresPort],
      "database-users": [postgresPort],
      operation: [postgresPort, postgresStatusPort],
    },
    peers: [postgresPort, postgresStatusPort],
  },
};

/** The relations of every PostgreSQL cluster: the operator runs it, and Vault makes its users. */
export function postgresRelations(layer: string): readonly Relation[] {
  const endpoint: ApplicationName = `${layer}/${postgresApplication}`;
  return [
    { consumer: "foundation/postgres-operator", endpoint, interface: "operation" },
    { consumer: "iam/vault", endpoint, interface: "database-users" },
  ];
}
