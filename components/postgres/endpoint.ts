/** TCP port of PostgreSQL. */
export const postgresPort = 5432;

/** TCP port on which an instance of CloudNativePG answers its operator (CloudNativePG 1.27, "Networking"). */
export const postgresStatusPort = 8000;

/** Application of a layer's PostgreSQL cluster: name of the cluster, and label of its pods. */
export const postgresApplication = "postgres";
