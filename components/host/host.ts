import * as pulumi from "@pulumi/pulumi";
import type { remote } from "@pulumi/command/types/input.js";

/** How to connect to a machine over SSH. */
export interface HostAccess {
  /** IP address or DNS name. A change runs every step on the new machine and replaces nothing. */
  readonly address: pulumi.Input<string>;
  /** TCP port of the SSH server. */
  readonly port: pulumi.Input<number>;
  /** User of the SSH session: root, or a user with sudo without password. */
  readonly user: pulumi.Input<string>;
  /** OpenSSH private key of that user, without a passphrase. Kept as a secret. */
  readonly privateKey: pulumi.Input<string>;
  /**
   * Public host key of the server, such as `ssh-ed25519 AAAA…` (`ssh-keyscan -t ed25519 ADDRESS`; compare it with the
   * console of the server). A server with another key is refused.
   */
  readonly hostKey: pulumi.Input<string>;
}

/** A machine on which remote steps run. */
export interface Host {
  readonly address: pulumi.Output<string>;
  readonly user: pulumi.Output<string>;
  /** Options of the SSH client. Secret. */
  readonly connection: pulumi.Output<remote.ConnectionArgs>;
}

/** Number of attempts of the SSH client, and seconds for each. An SSH server that restarts needs several attempts. */
const dialing = { dialErrorLimit: 3, perDialTimeout: 10 };

/** A machine that is reached over SSH. The schema of the settings has checked the keys. */
export function hostAt(access: HostAccess): Host {
  const address = pulumi.output(access.address);
  const user = pulumi.output(access.user);
  const connection = pulumi
    .all([address, access.port, user, access.hostKey, access.privateKey])
    .apply(([host, port, user, hostKey, privateKey]) => ({ host, port, user, hostKey, privateKey, ...dialing }));
  return { address, user, connection: pulumi.secret(connection) };
}
