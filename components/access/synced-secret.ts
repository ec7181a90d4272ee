import type * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { BibindComponent } from "../base.ts";
import { engines } from "../vault/mounts.ts";
import { destinationMetadata, destinationSpec, type DestinationArgs } from "./destination.ts";
import { secretsOperatorApi } from "./vault-connection.ts";

export interface SyncedSecretArgs extends DestinationArgs {
  /** Path in the KV engine, such as `iam/hydra`. Changed in place. */
  readonly path: string;
}

/** Interval at which the operator reads Vault. */
const refreshAfter = "30s";

/** A secret of Vault's KV engine as a Kubernetes Secret. It is ready when the Secret is written. */
export class SyncedSecret extends BibindComponent {
  /** Name of the Secret. */
  readonly secretName: string;

  constructor(name: string, args: SyncedSecretArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:SyncedSecret", name, opts, args.identity);
    this.secretName = args.secretName;
    new CustomResource(
      this.child("synced"),
      {
        apiVersion: secretsOperatorApi,
        kind: "VaultStaticSecret",
        metadata: destinationMetadata(args, "jsonpath={.status.secretMAC}"),
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
    this.registerOutputs({ secretName: this.secretName });
  }
}
