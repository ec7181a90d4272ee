import * as pulumi from "@pulumi/pulumi";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { after } from "../../components/after.ts";
import { VaultConnection } from "../../components/access/vault-connection.ts";
import { Certificate } from "../../components/access/certificate.ts";
import type { PostgresCluster } from "../../components/postgres/cluster.ts";
import { vaultService } from "../../components/vault/address.ts";
import { VaultCore } from "../../components/vault/core.ts";
import type { OpenSession } from "../../components/vault/deployer-login.ts";
import { VaultInit } from "../../components/vault/init.ts";
import { deployerName } from "../../components/vault/policies/deployer.ts";
import { VaultPeople } from "../../components/vault/people.ts";
import { VaultServer } from "../../components/vault/server.ts";
import { VaultSession } from "../../components/vault/session.ts";
import { theRelation } from "../graph/check.ts";
import { peopleClient } from "../graph/consequences.ts";
import { charts, images } from "../versions.ts";
import type { IamPlace } from "./place.ts";
import type { IamSettings } from "./settings.ts";

/** Vault, configured, and how to reach it. */
export interface ConfiguredVault {
  readonly server: VaultServer;
  readonly session: VaultSession;
  readonly core: VaultCore;
  /** Recovery keys (a JSON list), secret; empty where there are none. */
  readonly recoveryKeys: pulumi.Output<string>;
  /** Name of the model's VaultConnection, known once applications can be given their secrets. */
  readonly connection: pulumi.Output<string>;
}

/** Vault: the server, the deployer's way in, and what it offers to everybody. */
export function deployVault(
  place: IamPlace,
  settings: IamSettings["vault"],
  postgres: PostgresCluster,
  openSession: OpenSession,
): ConfiguredVault {
  const { model, namespace, foundation, opts } = place;
  const host = pulumi.interpolate`${settings.hostName}.${foundation.domain}`;
  const door = new Certificate(
    "iam-vault-door",
    { namespace, secretName: `${vaultService}-door`, dnsNames: [host], clusterIssuer: foundation.clusterIssuer },
    opts,
  );
  const server = new VaultServer(
    "iam-vault",
    {
      distribution: settings.distribution,
      chart: place.chart(settings.distribution === "vault" ? charts.vault : charts.openbao),
      model,
      namespace,
      replicas: settings.replicas,
      storageGiB: settings.storageGiB,
      storageClass: foundation.storageClass,
      seal: settings.seal,
      host,
      hostTlsSecret: door.secretName,
      ingressClass: foundation.ingressClass,
      clusterIssuer: foundation.innerIssuer,
    },
    opts,
  );
  const account = new ServiceAccount(
    "iam-deployer",
    { metadata: { name: deployerName, namespace }, automountServiceAccountToken: false },
    { provider: place.provider },
  );
  const init = settings.distribution === "vault" ? initialised(place, server) : undefined;
  const session = new VaultSession(
    "iam-vault-session",
    {
      kubeconfig: foundation.kubeconfig,
      namespace: account.metadata.namespace,
      address: after(init === undefined ? [] : [init.done], server.address),
      caCertificate: foundation.caCertificate,
      openSession,
      server: server.chart.release,
    },
    opts,
  );
  const core = new VaultCore(
    "iam-vault-core",
    { domain: foundation.domain, postgres: postgres.vaultAccess },
    session.options(place.provider),
  );
  new VaultPeople(
    "iam-vault-people",
    {
      accessor: core.peopleAccessor,
      redirectUris: foundation.domain.apply((domain) => peopleClient(place.map, domain).redirectUris),
    },
    { ...session.options(place.provider), dependsOn: core },
  );
  const connection = new VaultConnection(
    "iam-vault-connection",
    { namespace, address: after([core.ready], server.innerAddress) },
    opts,
  );
  return {
    server,
    session,
    core,
    recoveryKeys: init?.recoveryKeys ?? pulumi.secret(""),
    connection: connection.connectionName,
  };
}

/** Three people hold a recovery key each, and two of them can act together. */
const recovery = { shares: 3, threshold: 2 };

/** HashiCorp Vault does not initialise itself. */
function initialised({ map, model, namespace, opts }: IamPlace, server: VaultServer): VaultInit {
  theRelation(map, "iam/vault-init", "secrets", "iam/vault");
  return new VaultInit(
    "iam-vault-init",
    { model, namespace, address: server.firstAddress, image: images.identity, recovery },
    opts,
  );
}
