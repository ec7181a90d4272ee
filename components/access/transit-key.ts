import type * as pulumi from "@pulumi/pulumi";
import { SecretBackendKey } from "@pulumi/vault/transit/secretBackendKey.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { engines } from "../vault/mounts.ts";

export interface TransitKeyArgs {
  /** Layer and application that use the key. A change makes a new key, which cannot decrypt older data. */
  readonly layer: string;
  readonly application: string;
  /** Seconds until the next version of the key, at least 3600. Older versions still decrypt. Default: 30 days. */
  readonly rotationSeconds?: number;
}

/** Name of an application's key. */
export function transitKeyName(layer: string, application: string): string {
  return physicalName("vaultRole", layer, application);
}

/** A key that never leaves Vault: an application asks Vault to encrypt and decrypt. */
export class TransitKey extends BibindComponent {
  /** Name of the key in the transit engine. */
  readonly keyName: pulumi.Output<string>;

  constructor(name: string, args: TransitKeyArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:TransitKey", name, opts);
    const key = new SecretBackendKey(
      this.child("key"),
      {
        backend: engines.transit,
        name: transitKeyName(args.layer, args.application),
        type: "aes256-gcm96",
        autoRotatePeriod: args.rotationSeconds ?? 30 * 24 * 3600,
        deletionAllowed: true,
      },
      { parent: this, protect: true },
    );
    this.keyName = key.name;
    this.registerOutputs({ keyName: this.keyName });
  }
}
