import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { after } from "../../components/after.ts";
import { Model } from "../../components/kubernetes/model.ts";
import { Opening } from "../../components/kubernetes/opening.ts";
import { PostgresCluster } from "../../components/postgres/cluster.ts";
import type { OpenSession } from "../../components/vault/deployer-login.ts";
import type { Outputs } from "../contract.ts";
import type { FoundationContract } from "../foundation/contract.ts";
import type { PlatformMap } from "../graph/check.ts";
import { openingsInto } from "../graph/consequences.ts";
import { images, type ChartPin } from "../versions.ts";
import { Applications } from "./applications.ts";
import type { IamContract } from "./contract.ts";
import type { IamPlace } from "./place.ts";
import type { IamSettings } from "./settings.ts";
import { deploySignIn } from "./sign-in.ts";
import { deployVault } from "./vault.ts";

const layer = "iam";

function place(foundation: Outputs<FoundationContract>, map: PlatformMap): IamPlace {
  const provider = new Provider("iam-kubernetes", { kubeconfig: foundation.kubeconfig, enableServerSideApply: true });
  const opts = { providers: { kubernetes: provider } };
  const model = new Model("iam", { model: layer, caCertificate: foundation.innerCaCertificate }, opts);
  const openings = openingsInto(map, layer).map(
    ({ name, ...opening }) => new Opening(name, opening, { ...opts, dependsOn: model }),
  );
  return {
    model: layer,
    namespace: after(
      openings.map(({ policyId }) => policyId),
      model.namespace,
    ),
    foundation,
    map,
    chart: ({ chart, version, repository }: ChartPin) => ({
      chart,
      version,
      repository: foundation.chartRepository.apply((mirror) => (mirror === "" ? repository : mirror)),
    }),
    provider,
    opts,
  };
}

/** Deploys who people and programs are, and what secrets they may have: PostgreSQL, Vault, Hydra, Kratos. */
export function deployIam(
  settings: IamSettings,
  foundation: Outputs<FoundationContract>,
  map: PlatformMap,
  openSession: OpenSession,
): Outputs<IamContract> {
  const here = place(foundation, map);
  const postgres = new PostgresCluster(
    "iam-postgres",
    {
      namespace: here.namespace,
      application: "postgres",
      instances: settings.postgres.instances,
      storageGiB: settings.postgres.storageGiB,
      storageClass: foundation.storageClass,
      image: images.postgresql,
      databases: ["hydra", "kratos"],
      clusterIssuer: foundation.innerIssuer,
    },
    here.opts,
  );
  const vault = deployVault(here, settings.vault, postgres, openSession);
  const signIn = deploySignIn(here, settings, new Applications(here, settings, postgres, vault));
  return {
    issuer: signIn.issuer,
    signInUrl: signIn.url,
    vaultAddress: vault.server.address,
    vaultInnerAddress: vault.server.innerAddress,
    vaultRecoveryKeys: vault.recoveryKeys,
    deployerNamespace: here.namespace,
    software: pulumi.all({
      [settings.vault.distribution === "vault" ? "Vault" : "OpenBao"]: vault.server.chart.appVersion,
      Hydra: signIn.hydraVersion,
      Kratos: signIn.kratosVersion,
    }),
    urls: pulumi.all({ "sign-in": signIn.url, vault: vault.server.address }),
  };
}
