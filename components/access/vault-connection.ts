import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { BibindComponent } from "../base.ts";
import { caSecret } from "../kubernetes/model.ts";

export interface VaultConnectionArgs {
  /** Namespace of a model. */
  readonly namespace: pulumi.Input<string>;
  /** URL of Vault as pods reach it. */
  readonly address: pulumi.Input<string>;
}

/** API version of Vault Secrets Operator's objects (0.10 and later). */
export const secretsOperatorApi = "secrets.hashicorp.com/v1beta1";

/** By what name the identities of a model refer to its connection. */
export const vaultConnectionName = "vault";

/** How Vault Secrets Operator reaches Vault on behalf of a model. */
export class VaultConnection extends BibindComponent {
  /** Name of the VaultConnection, known once it is there. */
  readonly connectionName: pulumi.Output<string>;

  constructor(name: string, args: VaultConnectionArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:VaultConnection", name, opts);
    const { namespace, address } = args;
    const connection = new CustomResource(
      this.child("connection"),
      {
        apiVersion: secretsOperatorApi,
        kind: "VaultConnection",
        metadata: { name: vaultConnectionName, namespace },
        spec: { address, caCertSecretRef: caSecret },
      },
      { parent: this },
    );
    this.connectionName = connection.metadata.name;
    this.registerOutputs({ connectionName: this.connectionName });
  }
}
