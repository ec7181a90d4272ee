import type * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { BibindComponent } from "../base.ts";
import { caSecret } from "../kubernetes/model.ts";

export interface VaultConnectionArgs {
  /** Namespace of a model. */
  readonly namespace: string;
  /** URL of Vault, as pods reach it. */
  readonly address: pulumi.Input<string>;
}

/** API version of Vault Secrets Operator's objects (0.10 and later). */
export const secretsOperatorApi = "secrets.hashicorp.com/v1beta1";

/** Name of the VaultConnection in every model. */
export const vaultConnectionName = "vault";

/** The connection of Vault Secrets Operator to Vault, for the applications of one model. */
export class VaultConnection extends BibindComponent {
  constructor(name: string, args: VaultConnectionArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:VaultConnection", name, opts);
    const { namespace, address } = args;
    new CustomResource(
      this.child("connection"),
      {
        apiVersion: secretsOperatorApi,
        kind: "VaultConnection",
        metadata: { name: vaultConnectionName, namespace },
        spec: { address, caCertSecretRef: caSecret },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
