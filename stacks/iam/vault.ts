import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { AuditReader } from "../../components/vault/audit-reader.ts";
import { vaultInit, VaultInit } from "../../components/vault/init.ts";
import { VaultCore } from "../../components/vault/core.ts";
import { DeployerAccount } from "../../components/vault/deployer-account.ts";
import type { OpenSession } from "../../components/vault/deployer-login.ts";
import { clientOwnerRole } from "../../components/vault/paths.ts";
import { peopleRoles, VaultPeople, type PeopleRole } from "../../components/vault/people.ts";
import { deployerNamespace } from "../../components/vault/policies/deployer.ts";
import { VaultServer, type VaultServerArgs } from "../../components/vault/server.ts";
import { VaultSession } from "../../components/vault/session.ts";
import type { VaultOfLayer } from "../access/access.ts";
import type { LayerModel } from "../access/layer-model.ts";
import { redirectUris } from "../access/client-uris.ts";
import { theRelation } from "../map/check.ts";
import { charts, images } from "../versions.ts";
import type { IamSettings } from "./settings.ts";

/** Vault with its configuration. */
export interface ConfiguredVault extends VaultOfLayer {
  readonly server: VaultServer;
  readonly core: VaultCore;
  /** Service account of the deployer. */
  readonly account: DeployerAccount;
  /** Recovery keys as a JSON list, secret; empty where there are none. */
  readonly recoveryKeys: pulumi.Output<string>;
}

/** Number of recovery keys of HashiCorp Vault, and how many of their holders must act together. */
const recovery = { shares: 3, threshold: 2 };

/** How Vault unseals itself, and the resources that this needs. */
export interface Seal {
  readonly args: VaultServerArgs["seal"];
  readonly required: readonly pulumi.Resource[];
}

/** The 32 bytes of a static seal in base64: the hash of 64 random letters and digits, which hold 381 bits. */
function sealKey(random: RandomPassword): pulumi.Output<string> {
  return random.result.apply((text) => createHash("sha256").update(text).digest("base64"));
}

/**
 * The seal of the settings, with the key of a static seal.
 *
 * RandomBytes would generate the key, but its id is its value, and Pulumi cannot keep an id secret.
 *
 * The key must exist before the namespace of Vault, so that it is deleted after the namespace: an interrupted destroy then
 * never leaves volumes without their key.
 */
export function vaultSeal({ seal }: IamSettings["vault"]): Seal {
  if (seal.kind === "transit") {
    return { args: seal, required: [] };
  }
  const random = new RandomPassword("iam-vault-seal-key", { length: 64, special: false }, { protect: true });
  return { args: { kind: "static", key: sealKey(random) }, required: [random] };
}

function vaultServer(model: LayerModel, settings: IamSettings["vault"], seal: Seal): VaultServer {
  const { foundation } = model;
  return new VaultServer(
    "iam-vault",
    {
      distribution: settings.distribution,
      chart: model.chart(settings.distribution === "vault" ? charts.vault : charts.openbao),
      model: model.name,
      replicas: settings.replicas,
      storageGiB: settings.storageGiB,
      storageClass: foundation.storageClass,
      seal: seal.args,
      host: model.host("iam/vault"),
      edgeCertificate: model.edgeCertificate("iam/vault"),
      ingressClass: foundation.ingressClass,
      clusterIssuer: foundation.internalIssuer,
    },
    model.options("iam/vault"),
  );
}

/** Initialises HashiCorp Vault. OpenBao initialises itself. */
function initialise(model: LayerModel, server: VaultServer): VaultInit {
  theRelation(model.map, "iam/vault-init", "vault-api", "iam/vault");
  return new VaultInit(
    "iam-vault-init",
    { model: model.name, address: server.firstAddress, image: images.identity, recovery },
    pulumi.mergeOptions(model.options(`iam/${vaultInit}`), { dependsOn: server }),
  );
}

/** Policies by which the people of a role read the credentials of the OAuth2 clients that they own. */
function ownedClients(clients: IamSettings["oauthClients"], role: PeopleRole): readonly string[] {
  return clients.filter(({ owner }) => owner === role).map(({ clientId }) => clientOwnerRole("iam", clientId));
}

function people(
  model: LayerModel,
  core: VaultCore,
  clients: IamSettings["oauthClients"],
  opts: pulumi.ComponentResourceOptions,
): void {
  const { client } = theRelation(model.map, "iam/vault", "oauth", "iam/hydra");
  new VaultPeople(
    "iam-vault-people",
    {
      accessor: core.peopleAccessor,
      redirectUris: redirectUris(model, "iam/vault", client),
      further: Object.fromEntries(peopleRoles.map((role) => [role, ownedClients(clients, role)])),
    },
    opts,
  );
}

/** Vault: the server, the deployer's session, and what it offers to every layer. */
export function deployVault(
  model: LayerModel,
  { vault: settings, oauthClients }: IamSettings,
  seal: Seal,
  openSession: OpenSession,
): ConfiguredVault {
  const { foundation } = model;
  const server = vaultServer(model, settings, seal);
  const account = new DeployerAccount("iam-deployer", { namespace: deployerNamespace }, model.options());
  const init = settings.distribution === "vault" ? initialise(model, server) : undefined;
  const session = new VaultSession(
    "iam-vault-session",
    {
      kubeconfig: foundation.kubeconfig,
      namespace: account.namespace,
      address: server.address,
      caCertificate: foundation.caCertificate,
      ready: pulumi.all([server.chart.release.id, init?.recoveryKeys]).apply(() => true),
      openSession,
      server: server.chart.release,
    },
    model.options("iam/vault"),
  );
  new AuditReader(
    "iam-vault-audit-reader",
    { model: model.name, replicas: settings.replicas },
    model.options("iam/vault"),
  );
  const core = new VaultCore("iam-vault-core", { domain: foundation.domain }, session.options);
  const options = pulumi.mergeOptions(session.options, { dependsOn: core });
  people(model, core, oauthClients, options);
  return {
    server,
    core,
    account,
    internalAddress: server.internalAddress,
    options,
    recoveryKeys: init?.recoveryKeys ?? pulumi.secret(""),
  };
}
