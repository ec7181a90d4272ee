/** Paths of the platform's secret engines, the same in every environment. */
export const engines = {
  /**
   * Version 2 of the key-value engine: `<layer>/<app>` (keys of an application), `settings/<layer>/<setting>` (secrets that
   * the operator gave in the settings), `oauth/<layer>/<client>` (credentials of OAuth2 clients).
   */
  kv: "kv",
  /** Users of the PostgreSQL clusters. */
  database: "database",
  /** Keys that never leave Vault. */
  transit: "transit",
  /** Certificates that Vault issues. */
  pki: "pki",
} as const;

/** Paths of the platform's auth methods, below `auth/`. */
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

/** Role of the auth method for people with which every person signs in. It gives no rights itself. */
export const personRole = "person";
