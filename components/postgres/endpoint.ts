/** TCP port of PostgreSQL. */
export const postgresPort = 5432;

/** TCP port on which an instance of CloudNativePG answers its operator (CloudNativePG 1.27, "Networking"). */
export const postgresStatusPort = 8000;

/** Application of a layer's PostgreSQL cluster: name of the cluster, and label of its pods. */
export const postgresApplication = "postgres";

/**
 * Rules of PostgreSQL for connections over TCP (pg_hba.conf), between those of the operator for its own users and its last
 * rule, which would let everybody connect to every database without TLS.
 *
 * A user reaches the database of which it acts as the owner. The owner and the database have the same name.
 */
export const accessRules = ["hostssl samerole all all scram-sha-256", "host all all all reject"];
