import * as pulumi from "@pulumi/pulumi";
import type { remote } from "@pulumi/command/types/input.js";
import { BibindComponent } from "../base.ts";
import { parseEncryption, parseFacts, type HostFacts } from "./facts.ts";
import { firewallRules, type FirewallSettings } from "./firewall.ts";
import { hostAt, type Host, type HostAccess } from "./host.ts";
import { RemoteStep, type RemoteStepArgs } from "./remote-step.ts";
import { stepScript } from "./shell.ts";

/** The least a machine must have; every shortage is told at once, before anything is changed on it. */
export interface HostMinimum {
  /** Processors. */
  readonly cpus: number;
  /** Memory in GiB, as built in. */
  readonly memoryGiB: number;
  /** Free room below /var in GiB. */
  readonly diskGiB: number;
}

/** What is made safer on a machine. Taking one back puts the machine as it was before. */
export interface Hardening {
  /** Whether sign-in over SSH needs a key, for everybody. */
  readonly sshKeyOnly: boolean;
  /** Whether security updates are installed every day; the machine is never restarted by them. */
  readonly unattendedUpgrades: boolean;
  /** The packet filter; without it the machine keeps the one it has. */
  readonly firewall?: FirewallSettings;
  /** Whether a machine without LUKS below / and /var is refused. */
  readonly requireDiskEncryption: boolean;
}

export interface OvhHostArgs extends HostAccess {
  readonly minimum: HostMinimum;
  readonly hardening: Hardening;
  /** Where these settings stand, for messages. Default: `bibind:foundation.host`. */
  readonly settingsPath?: string;
}

/** A clock that stands before this (seconds since 1970) is wrong: the platform's code was written after it. */
const clockNotBefore = Date.UTC(2026, 10, 1) / 1000;

const scripts = {
  preflight: stepScript(import.meta.dirname, "preflight.sh"),
  diskEncryption: stepScript(import.meta.dirname, "disk-encryption.sh"),
  sshKeyOnly: stepScript(import.meta.dirname, "ssh-key-only.sh"),
  firewall: stepScript(import.meta.dirname, "firewall.sh"),
  unattendedUpgrades: stepScript(import.meta.dirname, "unattended-upgrades.sh"),
};

/** What an `OvhHost` found out about its machine. */
export interface OvhHostFacts extends HostFacts {
  /** Whether LUKS lies below / and /var. */
  readonly encryptedDisk: boolean;
}

/**
 * A dedicated server that exists and answers over SSH: checked first, then hardened.
 *
 * It adopts the server as it is. Ordering one costs money and reinstalling one wipes its disks, so neither is ever done
 * here: order and install it at OVH (or with `ovh:Dedicated/serverReinstallTask`, in a stack of its own), then give its
 * address, key and host key. Any other Linux machine that passes the checks will do.
 *
 * Put `dependsOn: host` on whatever must find the machine hardened.
 */
export class OvhHost extends BibindComponent implements Host {
  readonly address: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly user: pulumi.Output<string>;
  /** SSH connection for further remote steps. Secret. */
  readonly connection: pulumi.Output<remote.ConnectionArgs>;
  /** What was found at the last check. */
  readonly facts: pulumi.Output<OvhHostFacts>;
  /** True once every check has passed and every hardening is in place. */
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: OvhHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bibind:host:OvhHost", name, opts);
    const settings = args.settingsPath ?? "bibind:foundation.host";
    const host = hostAt(args);
    const preflight = this.preflight(host, args.minimum, settings);
    const encryption = this.diskEncryption(host, args.hardening.requireDiskEncryption, settings, preflight);
    const hardening = this.harden(host, args.hardening, settings, encryption);
    this.address = host.address;
    this.port = host.port;
    this.user = host.user;
    this.connection = host.connection;
    this.facts = pulumi
      .all([preflight.output, encryption.output])
      .apply(([found, encrypted]) => ({ ...parseFacts(found), encryptedDisk: parseEncryption(encrypted) }));
    this.ready = pulumi.all([encryption, ...hardening].map((step) => step.output)).apply(() => true);
    this.registerOutputs({
      address: this.address,
      port: this.port,
      user: this.user,
      connection: this.connection,
      facts: this.facts,
      ready: this.ready,
    });
  }

  private step(suffix: string, args: RemoteStepArgs, after: readonly RemoteStep[]): RemoteStep {
    return new RemoteStep(this.child(suffix), args, { parent: this, dependsOn: [...after] });
  }

  private preflight(host: Host, minimum: HostMinimum, settings: string): RemoteStep {
    const args: RemoteStepArgs = {
      host,
      title: "check that the host is fit",
      script: scripts.preflight,
      parameters: {
        settings,
        min_cpus: minimum.cpus,
        min_memory_gib: minimum.memoryGiB,
        min_disk_gib: minimum.diskGiB,
        clock_not_before: clockNotBefore,
      },
      keeps: "it only looks",
    };
    return this.step("preflight", args, []);
  }

  private diskEncryption(host: Host, required: boolean, settings: string, preflight: RemoteStep): RemoteStep {
    const args: RemoteStepArgs = {
      host,
      title: "look whether the disk is encrypted",
      script: scripts.diskEncryption,
      parameters: { settings, required: required ? "yes" : "no" },
      keeps: "it only looks",
    };
    return this.step("disk-encryption", args, [preflight]);
  }

  /** One after the other: each may need apt, and each must leave the next a way in. */
  private harden(host: Host, hardening: Hardening, settings: string, encryption: RemoteStep): RemoteStep[] {
    const steps: RemoteStep[] = [];
    const next = (suffix: string, args: RemoteStepArgs): void => {
      steps.push(this.step(suffix, args, [steps.at(-1) ?? encryption]));
    };
    if (hardening.sshKeyOnly) {
      const parameters = { settings, user: host.user };
      next("ssh-key-only", { host, title: "allow SSH with keys only", script: scripts.sshKeyOnly, parameters });
    }
    if (hardening.firewall !== undefined) {
      const { firewall } = hardening;
      const parameters = { settings, rules: firewallRules(firewall) };
      next("firewall", { host, title: "set the packet filter", script: scripts.firewall, parameters });
    }
    if (hardening.unattendedUpgrades) {
      const title = "install security updates every day";
      next("unattended-upgrades", { host, title, script: scripts.unattendedUpgrades });
    }
    return steps;
  }
}
