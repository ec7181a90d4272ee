import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { engines } from "../vault/mounts.ts";
import { destinationSpec, untilSynced, type DestinationArgs } from "./destination.ts";
import { secretsOperatorApi } from "./vault-connection.ts";

export interface SyncedSecretArgs extends DestinationArgs {
  /** Path in the KV engine, such as `iam/hydra`. Changed in place. */
  readonly path: pulumi.Input<string>;
}

/** How soon a change in Vault arrives in the Secret. */
const refreshAfter = "30s";

/** A secret of Vault's KV engine as a Kubernetes Secret of the application that may read it. */
export class SyncedSecret extends BibindComponent {
  /** Name of the Secret, known once it is written. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: SyncedSecretArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:SyncedSecret", name, opts);
    const synced = new CustomResource(
      this.child("synced"),
      {
        apiVersion: secretsOperatorApi,
        kind: "VaultStaticSecret",
        metadata: {
          name: physicalName("kubernetesObject", args.secretName),
          namespace: args.identity.namespace,
          annotations: untilSynced,
        },
        spec: {
          mount: engines.kv,
          type: "kv-v2",
          path: args.path,
          refreshAfter,
          hmacSecretData: true,
          ...destinationSpec(args),
        },
      },
      { parent: this },
    );
    this.secretName = synced.id.apply(() => args.secretName);
    this.registerOutputs({ secretName: this.secretName });
  }
}
