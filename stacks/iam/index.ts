import * as pulumi from "@pulumi/pulumi";
import { Access } from "../access/access.ts";
import { LayerModel } from "../access/layer-model.ts";
import { foundationContract } from "../foundation/contract.ts";
import type { Deployed, LayerContext } from "../layer.ts";
import type { iamContract } from "./contract.ts";
import type { IamSettings } from "./settings.ts";
import { deploySignIn } from "./sign-in.ts";
import { deployVault, vaultSeal } from "./vault.ts";

/** Deploys identities and secrets: PostgreSQL, Vault, Hydra, Kratos and the sign-in pages. */
export function deployIam(settings: IamSettings, context: LayerContext): Deployed<typeof iamContract.fields.shape> {
  const seal = vaultSeal(settings.vault);
  const required = [...context.required, ...seal.required];
  const model = new LayerModel("iam", { ...context, required }, context.outputsOf(foundationContract));
  const cluster = model.postgres(settings.postgres);
  const vault = deployVault(model, settings, seal, context.openSession);
  const access = new Access(model, vault);
  const databases = access.connect(cluster);
  const { internalAddress } = vault.server;
  const signIn = deploySignIn({ model, access, databases, settings, vaultAddress: internalAddress });
  const { address, chart } = vault.server;
  return {
    outputs: {
      issuer: signIn.hydra.url,
      signInUrl: signIn.kratos.url,
      vaultAddress: address,
      vaultInternalAddress: pulumi.output(internalAddress),
      vaultRecoveryKeys: vault.recoveryKeys,
      vaultReady: vault.core.ready,
      deployerNamespace: vault.account.namespace,
      software: pulumi.all({
        [settings.vault.distribution === "vault" ? "Vault" : "OpenBao"]: chart.appVersion,
        Hydra: signIn.hydra.appVersion,
        Kratos: signIn.kratos.appVersion,
      }),
      urls: pulumi.all({
        welcome: pulumi.interpolate`https://${model.host("iam/welcome")}`,
        "sign-in": signIn.kratos.url,
        vault: address,
      }),
    },
    provided: { layer: [vault.core, signIn.hydra, signIn.kratos, signIn.pages, signIn.controller] },
  };
}
