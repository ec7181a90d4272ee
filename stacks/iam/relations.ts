import {
  clientController,
  hydra,
  hydraPorts,
  kratos,
  kratosPorts,
  signInPages,
  signInPort,
  startPage,
} from "../../components/identity/endpoints.ts";
import { hydraKeys, kratosKeys, signInPagesKeys } from "../../components/identity/keys.ts";
import { vaultClusterPort, vaultPort, vaultService } from "../../components/vault/address.ts";
import { peopleRoles } from "../../components/vault/people.ts";
import { postgresCluster, postgresRelations } from "../access/relations.ts";
import type { Application, Relation } from "../map/relation.ts";

export const applications: Readonly<Record<string, Application>> = {
  ...postgresCluster,
  [vaultService]: {
    offers: { secrets: [vaultPort], "vault-api": [vaultPort], web: [vaultPort] },
    peers: [vaultPort, vaultClusterPort],
    pages: {
      purpose: {
        en: "Secrets and certificates of the platform",
        fr: "Secrets et certificats de la plateforme",
      },
      path: "/ui/",
      health: "/v1/sys/health?standbyok=true",
      roles: peopleRoles,
    },
  },
  "vault-init": {},
  [hydra]: {
    offers: { oauth: [hydraPorts.public], "oauth-admin": [hydraPorts.admin], web: [hydraPorts.public] },
  },
  [kratos]: { offers: { identity: [kratosPorts.public, kratosPorts.admin] } },
  [signInPages]: {
    offers: { web: [signInPort] },
    pages: { purpose: { en: "Registration, sign-in and account", fr: "Inscription, connexion et compte" } },
  },
  // A second host of the sign-in pages. It leads to their start page.
  [startPage]: {
    pages: {
      purpose: {
        en: "What the platform is, where to sign in, and your applications",
        fr: "Ce qu’est la plateforme, où se connecter, et vos applications",
      },
    },
  },
  [clientController]: {},
};

export const relations: readonly Relation[] = [
  ...postgresRelations("iam"),
  { consumer: "foundation/secrets-operator", endpoint: "iam/vault", interface: "vault-api", use: "sync" },
  { consumer: "foundation/ingress", endpoint: "iam/vault", interface: "web" },
  { consumer: "foundation/ingress", endpoint: "iam/hydra", interface: "web" },
  { consumer: "foundation/ingress", endpoint: "iam/identity", interface: "web" },
  { consumer: "iam/vault-init", endpoint: "iam/vault", interface: "vault-api", use: "init" },
  { consumer: "iam/hydra", endpoint: "iam/postgres", interface: "database", database: "hydra" },
  { consumer: "iam/hydra", endpoint: "iam/vault", interface: "secrets", keys: hydraKeys },
  { consumer: "iam/kratos", endpoint: "iam/postgres", interface: "database", database: "kratos" },
  { consumer: "iam/kratos", endpoint: "iam/vault", interface: "secrets", keys: kratosKeys, settings: ["mail"] },
  { consumer: "iam/kratos", endpoint: "iam/hydra", interface: "oauth-admin" },
  { consumer: "iam/identity", endpoint: "iam/vault", interface: "secrets", keys: signInPagesKeys, settings: ["mail"] },
  { consumer: "iam/identity", endpoint: "iam/hydra", interface: "oauth-admin" },
  { consumer: "iam/identity", endpoint: "iam/kratos", interface: "identity" },
  { consumer: "iam/oauth-clients", endpoint: "iam/vault", interface: "vault-api", use: "clients" },
  { consumer: "iam/oauth-clients", endpoint: "iam/hydra", interface: "oauth-admin" },
  {
    consumer: "iam/vault",
    endpoint: "iam/hydra",
    interface: "oauth",
    client: {
      clientId: "vault",
      name: "Vault",
      grantTypes: ["authorization_code"],
      scopes: ["openid", "email", "profile", "groups"],
      redirectPaths: ["/ui/vault/auth/oidc/oidc/callback"],
      redirectUris: ["http://localhost:8250/oidc/callback"],
      trusted: true,
    },
  },
];
