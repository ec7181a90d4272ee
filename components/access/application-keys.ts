import type * as pulumi from "@pulumi/pulumi";
import { Endpoint } from "@pulumi/vault/generic/endpoint.js";
import { BibindComponent } from "../base.ts";
import { tokenVolume } from "../kubernetes/pods.ts";
import { Task } from "../kubernetes/task.ts";
import { vaultAudience } from "../vault/address.ts";
import { authMethods, engines } from "../vault/mounts.ts";
import { keysPath } from "../vault/paths.ts";
import type { AppIdentity } from "./app-identity.ts";

/** A key that the platform generates: random letters and digits. */
export interface GeneratedKey {
  /** Length in characters. */
  readonly length: number;
}

export interface ApplicationKeysArgs {
  readonly layer: string;
  /** Application that reads the keys. A change makes new keys. */
  readonly application: string;
  /** Identity of the task that makes and rotates the keys. */
  readonly keeper: AppIdentity;
  /** URL of Vault, as pods reach it. */
  readonly vaultAddress: pulumi.Input<string>;
  /** Image of services/identity. */
  readonly image: string;
  /** Keys by name. */
  readonly keys: Readonly<Record<string, GeneratedKey>>;
}

/** Folder of the token by which the task logs in to Vault. */
const tokenFolder = "/var/run/vault";

/** Values of each key that Vault keeps: an application reads what older values encrypted or signed. */
const keptValues = 3;

/** Rotation on the night of the first day of a month, in cron's format, in UTC. */
const rotationSchedule = "17 3 1 * *";

/** Versions of the secret that Vault keeps, for an operator who must go back to an older one. */
const keptVersions = 10;

/** The keys of one application in Vault. A task generates them and rotates them every month. */
export class ApplicationKeys extends BibindComponent {
  /** Path of the keys in the KV engine. */
  readonly path: string;

  constructor(name: string, args: ApplicationKeysArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:ApplicationKeys", name, opts, args.keeper);
    const { layer, application, keeper, vaultAddress } = args;
    this.path = keysPath(layer, application);
    // The deletion of this resource deletes every version of the keys, which the deployer cannot read.
    const metadata = new Endpoint(
      this.child("versions"),
      {
        path: `${engines.kv}/metadata/${this.path}`,
        dataJson: JSON.stringify({ max_versions: keptVersions }),
        disableRead: true,
      },
      { parent: this, protect: true },
    );
    new Task(
      this.child("task"),
      {
        namespace: keeper.namespace,
        serviceAccount: keeper.serviceAccount,
        application: keeper.serviceAccount,
        image: args.image,
        command: ["keyring"],
        scheduledCommand: ["keyring", "--rotate"],
        schedule: rotationSchedule,
        access: tokenVolume(tokenFolder, vaultAudience),
        config: {
          vault: {
            address: vaultAddress,
            role: keeper.role,
            authMount: authMethods.kubernetes,
            kvMount: engines.kv,
            tokenFile: `${tokenFolder}/token`,
          },
          path: this.path,
          keys: args.keys,
          keep: keptValues,
        },
      },
      { parent: this, dependsOn: [metadata] },
    );
    this.registerOutputs({ path: this.path });
  }
}
