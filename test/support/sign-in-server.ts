import type { AppIdentity } from "../../components/access/app-identity.ts";
import { LeasedDatabaseUser } from "../../components/access/leased-database-user.ts";
import { SyncedSecret } from "../../components/access/synced-secret.ts";
import type { OryServerArgs, SignInServerArgs } from "../../components/identity/ory-server.ts";
import type { SignInPagesArgs } from "../../components/identity/sign-in-pages.ts";
import { Certificate } from "../../components/kubernetes/certificate.ts";
import { identityOf } from "./app-identity.ts";
import { databaseConnection } from "./postgres.ts";

/** An application's Secret that Vault Secrets Operator writes. Its resources are `<application>-<suffix>-…`. */
export function secretOf(identity: AppIdentity, suffix: string): SyncedSecret {
  const name = `${identity.serviceAccount}-${suffix}`;
  return new SyncedSecret(name, { identity, secretName: name, path: name, restarts: [] }, {});
}

/** Arguments of a sign-in server. Their resources are `edge` and `<application>-…`. */
export function signInServer(application: string): SignInServerArgs {
  const host = "auth.bibind.test";
  const identity = identityOf(application);
  const edge = { namespace: "iam", secretName: "identity-edge", dnsNames: [host], clusterIssuer: "edge-issuer" };
  return {
    model: "iam",
    replicas: 2,
    host,
    edgeCertificate: new Certificate("edge", edge, {}),
    ingressClass: "public",
    clusterIssuer: "internal",
    internalCaCertificate: "THE CLUSTER-INTERNAL CA",
    identity,
    keys: secretOf(identity, "keys"),
  };
}

/** Arguments of the sign-in pages. Their resources are those of `signInServer`, and `start`. */
export function signInPages(): SignInPagesArgs {
  const startHost = "welcome.bibind.test";
  const start = { namespace: "iam", secretName: "welcome-edge", dnsNames: [startHost], clusterIssuer: "edge-issuer" };
  const server = signInServer("identity");
  return {
    ...server,
    image: "identity:1",
    startHost,
    startCertificate: new Certificate("start", start, {}),
    mail: secretOf(server.identity, "mail"),
    mailFrom: { address: "no-reply@bibind.test", name: "Bibind" },
    secondFactor: ["operator"],
    roles: { operator: ["ops@bibind.test"], auditor: [], developer: ["dev@bibind.test"] },
  };
}

/** Arguments of an Ory server. Their resources are those of `signInServer`, and `<application>-database-…`. */
export function oryServer(application: string): OryServerArgs {
  const server = signInServer(application);
  const name = `${application}-database`;
  const database = new LeasedDatabaseUser(
    name,
    {
      identity: server.identity,
      layer: "iam",
      database: application,
      connection: databaseConnection(`${name}-connection`, application),
      rotationSeconds: 3600,
      secretName: name,
      restarts: [],
    },
    {},
  );
  const chart = { chart: "server", repository: "https://charts.example.com/", version: "0.57.1" };
  return { ...server, chart, database };
}
