/** Where the platform's secret engines are mounted, in every environment. */
export const engines = {
  /** Version 2 of the key-value engine: `kv/data/<layer>/<app>`, `kv/data/oauth/<client>`. */
  kv: "kv",
  /** Users of the PostgreSQL clusters. */
  database: "database",
  /** Keys that never leave Vault. */
  transit: "transit",
  /** Certificates that Vault issues. */
  pki: "pki",
} as const;

/** Where the platform's auth methods are enabled, below `auth/`. */
export const authMethods = {
  /** Workloads and the deployer, by their Kubernetes service accounts. */
  kubernetes: "kubernetes",
  /** People, by their identity in Kratos through Hydra. */
  people: "oidc",
  /** Pipelines, by the tokens of their jobs. */
  pipelines: "jwt",
  /** Programs outside Kubernetes. */
  machines: "approle",
} as const;
