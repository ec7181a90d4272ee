import * as pulumi from "@pulumi/pulumi";
import type { remote } from "@pulumi/command/types/input.js";

/** How to sign in to a machine over SSH. */
export interface HostAccess {
  /** IP address or name. A change re-runs the checks of every step against the new machine; it replaces nothing. */
  readonly address: pulumi.Input<string>;
  /** TCP port of its SSH server. Default: 22. */
  readonly port?: pulumi.Input<number>;
  /** Account to sign in as: root, or one that may use `sudo` without a password. Default: root. */
  readonly user?: pulumi.Input<string>;
  /** OpenSSH private key of that account, without a passphrase. Kept as a secret. */
  readonly privateKey: pulumi.Input<string>;
  /**
   * Public host key as the server shows it, `ssh-ed25519 AAAA…` (`ssh-keyscan -t ed25519 ADDRESS`, compared with the
   * console of the server). A server with another key is refused.
   */
  readonly hostKey: pulumi.Input<string>;
}

/** A machine that remote steps can work on. */
export interface Host {
  readonly address: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly user: pulumi.Output<string>;
  /** Everything the SSH client needs, as one secret. */
  readonly connection: pulumi.Output<remote.ConnectionArgs>;
}

/**
 * A first `up` reaches a machine that answers or none at all; waiting longer than this only hides a wrong address.
 * Three tries cover a machine whose SSH server is being restarted.
 */
const dialing = { dialErrorLimit: 3, perDialTimeout: 10 };

/** A machine reached over SSH. That the keys are keys was checked where they were given, in the settings. */
export function hostAt(access: HostAccess): Host {
  const address = pulumi.output(access.address);
  const port = pulumi.output(access.port ?? 22);
  const user = pulumi.output(access.user ?? "root");
  const connection = pulumi
    .all([address, port, user, access.hostKey, access.privateKey])
    .apply(([host, port, user, hostKey, privateKey]) => ({ host, port, user, hostKey, privateKey, ...dialing }));
  return { address, port, user, connection: pulumi.secret(connection) };
}
