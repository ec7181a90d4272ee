import * as pulumi from "@pulumi/pulumi";
import { SecretV2 } from "@pulumi/vault/kv/secretV2.js";
import { BibindComponent } from "../base.ts";
import { engines } from "../vault/mounts.ts";
import { settingPath } from "../vault/paths.ts";

export interface StoredSettingArgs {
  /** Layer of the setting: two layers may have settings of one name. */
  readonly layer: string;
  readonly setting: string;
  /** Values by key. All of them are stored as secrets. */
  readonly values: Readonly<Record<string, pulumi.Input<string>>>;
}

/** A secret that the operator gave in the settings, stored in Vault. The deployer can write it and cannot read it. */
export class StoredSetting extends BibindComponent {
  /** Path in the KV engine. */
  readonly path: string;

  constructor(name: string, args: StoredSettingArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:StoredSetting", name, opts);
    this.path = settingPath(args.layer, args.setting);
    new SecretV2(
      this.child("secret"),
      {
        mount: engines.kv,
        name: this.path,
        dataJson: pulumi.secret(pulumi.jsonStringify(args.values)),
        disableRead: true,
        deleteAllVersions: true,
      },
      { parent: this },
    );
    this.registerOutputs({ path: this.path });
  }
}
