import * as pulumi from "@pulumi/pulumi";
import type { remote } from "@pulumi/command/types/input.js";
import { BibindComponent } from "../base.ts";
import { parseEncryption, parseFacts, type HostFacts } from "./facts.ts";
import { firewallRules, type FirewallSettings } from "./firewall.ts";
import { hostAt, type Host, type HostAccess } from "./host.ts";
import { RemoteStep, type RemoteStepArgs } from "./remote-step.ts";
import { stepScript } from "./shell.ts";

/** Minimum size of a machine. All shortages are reported at once, before anything is changed on the machine. */
export interface HostMinimum {
  /** Processors. */
  readonly cpus: number;
  /** Installed memory in GiB. */
  readonly memoryGiB: number;
  /** Free disk space below /var in GiB. */
  readonly diskGiB: number;
}

/** Protection of a machine. If a measure is turned off, the machine returns to its earlier state. */
export interface Hardening {
  /** Whether SSH accepts keys only, for every user, and no algorithm with SHA-1 or with 64-bit authentication codes. */
  readonly sshKeyOnly: boolean;
  /** Whether security updates are installed every day. They never restart the machine. */
  readonly unattendedUpgrades: boolean;
  /** Packet filter of the machine. */
  readonly firewall: FirewallSettings;
  /** Whether a machine without LUKS below / and /var is refused. */
  readonly requireDiskEncryption: boolean;
}

export interface OvhHostArgs extends HostAccess {
  readonly minimum: HostMinimum;
  readonly hardening: Hardening;
  /** Path of these settings, for messages. Default: `bibind:foundation.host`. */
  readonly settingsPath?: string;
}

/** A clock that shows an earlier time (seconds since 1970) is wrong: this code is newer. */
const clockNotBefore = Date.UTC(2026, 10, 1) / 1000;

const scripts = {
  preflight: stepScript(import.meta.dirname, "preflight.sh"),
  diskEncryption: stepScript(import.meta.dirname, "disk-encryption.sh"),
  sshKeyOnly: stepScript(import.meta.dirname, "ssh-key-only.sh"),
  firewall: stepScript(import.meta.dirname, "firewall.sh"),
  unattendedUpgrades: stepScript(import.meta.dirname, "unattended-upgrades.sh"),
};

/** Properties of the machine of an `OvhHost`. */
export interface OvhHostFacts extends HostFacts {
  /** Whether / and /var are on LUKS. */
  readonly encryptedDisk: boolean;
}

/**
 * An existing dedicated server that is reached over SSH. It is checked first, then hardened.
 *
 * The component never orders a server, which costs money, and never installs one, which deletes its disks. Order and
 * install the server at OVH (or with `ovh:Dedicated/serverReinstallTask` in a stack of its own), then give its address,
 * key and host key. Every other Linux machine that passes the checks works too.
 *
 * A resource that needs the hardened machine has `dependsOn: host`.
 */
export class OvhHost extends BibindComponent implements Host {
  readonly address: pulumi.Output<string>;
  readonly user: pulumi.Output<string>;
  /** SSH connection for further remote steps. Secret. */
  readonly connection: pulumi.Output<remote.ConnectionArgs>;
  /** Result of the last check. */
  readonly facts: pulumi.Output<OvhHostFacts>;

  constructor(name: string, args: OvhHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bibind:host:OvhHost", name, opts);
    const settings = args.settingsPath ?? "bibind:foundation.host";
    const host = hostAt(args);
    const preflight = this.preflight(host, args.minimum, settings);
    const encryption = this.diskEncryption(host, args.hardening.requireDiskEncryption, settings, preflight);
    this.harden(host, args.hardening, settings, encryption);
    this.address = host.address;
    this.user = host.user;
    this.connection = host.connection;
    this.facts = pulumi
      .all([preflight.output, encryption.output])
      .apply(([found, encrypted]) => ({ ...parseFacts(found), encryptedDisk: parseEncryption(encrypted) }));
    this.registerOutputs({
      address: this.address,
      user: this.user,
      connection: this.connection,
      facts: this.facts,
    });
  }

  private step(suffix: string, args: RemoteStepArgs, previous: readonly RemoteStep[]): RemoteStep {
    return new RemoteStep(this.child(suffix), args, { parent: this, dependsOn: [...previous] });
  }

  private preflight(host: Host, minimum: HostMinimum, settings: string): RemoteStep {
    const args: RemoteStepArgs = {
      host,
      title: "check the host",
      script: scripts.preflight,
      parameters: {
        settings,
        min_cpus: minimum.cpus,
        min_memory_gib: minimum.memoryGiB,
        min_disk_gib: minimum.diskGiB,
        clock_not_before: clockNotBefore,
      },
      keeps: "it only reads",
    };
    return this.step("preflight", args, []);
  }

  private diskEncryption(host: Host, required: boolean, settings: string, preflight: RemoteStep): RemoteStep {
    const args: RemoteStepArgs = {
      host,
      title: "check the disk encryption",
      script: scripts.diskEncryption,
      parameters: { settings, required: required ? "yes" : "no" },
      keeps: "it only reads",
    };
    return this.step("disk-encryption", args, [preflight]);
  }

  /** One step after the other, because several use apt, and one that breaks the SSH access must stop the others. */
  private harden(host: Host, hardening: Hardening, settings: string, encryption: RemoteStep): void {
    let previous = encryption;
    const next = (suffix: string, args: RemoteStepArgs): void => {
      previous = this.step(suffix, args, [previous]);
    };
    if (hardening.sshKeyOnly) {
      const parameters = { settings, user: host.user };
      next("ssh-key-only", { host, title: "allow SSH with keys only", script: scripts.sshKeyOnly, parameters });
    }
    const parameters = { settings, rules: firewallRules(hardening.firewall) };
    next("firewall", { host, title: "set the packet filter", script: scripts.firewall, parameters });
    if (hardening.unattendedUpgrades) {
      const title = "install security updates every day";
      next("unattended-upgrades", { host, title, script: scripts.unattendedUpgrades });
    }
  }
}
