/** A published Helm chart: its repository, its version, and the application in it. */
export interface ChartPin {
  /** Chart name in its repository. */
  readonly chart: string;
  /** Repository URL that publishes it. */
  readonly repository: string;
  /** Exact chart version. */
  readonly version: string;
  /** Version of the application inside, as shown to people. */
  readonly appVersion: string;
}

/** Every chart of the platform, pinned once; code, documentation and sandbox read it from here. */
export const charts = {
  cloudnativePg: {
    chart: "cloudnative-pg",
    repository: "https://cloudnative-pg.github.io/charts",
    version: "0.26.0",
    appVersion: "1.27.0",
  },
  hydra: {
    chart: "hydra",
    repository: "https://k8s.ory.com/helm/charts",
    version: "0.57.1",
    appVersion: "v2.3.0",
  },
  kratos: {
    chart: "kratos",
    repository: "https://k8s.ory.com/helm/charts",
    version: "0.57.1",
    appVersion: "v1.3.1",
  },
  openbao: {
    chart: "openbao",
    repository: "https://openbao.github.io/openbao-helm",
    version: "0.29.2",
    appVersion: "v2.6.2",
  },
  vault: {
    chart: "vault",
    repository: "https://helm.releases.hashicorp.com",
    version: "0.34.1",
    appVersion: "2.0.4",
  },
  vaultSecretsOperator: {
    chart: "vault-secrets-operator",
    repository: "https://helm.releases.hashicorp.com",
    version: "0.10.0",
    appVersion: "0.10.0",
  },
} as const satisfies Record<string, ChartPin>;

/** Images that we name ourselves, rather than a chart. */
export const images = {
  /** The sign-in pages and the tasks around them: services/identity. */
  identity: "ghcr.io/bibind/identity:0.1.0",
  /** PostgreSQL as CloudNativePG runs it. */
  postgresql: "ghcr.io/cloudnative-pg/postgresql:17-minimal-trixie",
} as const;
