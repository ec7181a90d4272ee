import * as pulumi from "@pulumi/pulumi";
import { BibindComponent } from "../base.ts";
import type { Host } from "../host/host.ts";
import { RemoteStep, type RemoteStepArgs } from "../host/remote-step.ts";
import { stepScript } from "../host/shell.ts";
import type { Cluster } from "./existing.ts";
import { podSecurity } from "./pod-security.ts";

/** A machine of the cluster. The cluster depends on its component. */
export type ClusterHost = Host & pulumi.Resource;

/** Role of a further machine: it runs a part of the control plane, or only pods. */
export type NodeRole = "control-plane" | "worker";

/** A further machine of the cluster. */
export interface ClusterNode {
  /** First part of the names of its steps. It must not change while the machine belongs to the cluster. */
  readonly name: string;
  readonly host: ClusterHost;
  /** To change its role, a machine leaves the cluster and joins again. */
  readonly role: NodeRole;
}

export interface MicroK8sArgs {
  /** First machine; the others join it. A change installs on the new machine and removes nothing from the old one. */
  readonly host: ClusterHost;
  /** Snap channel such as `1.34/stable`. A change refreshes the snap in place, one minor release at a time. */
  readonly channel: pulumi.Input<string>;
  /**
   * Addons, each `name` or `name:argument`. The component enables dns, rbac and hostpath-storage first. An addon that
   * leaves the list is disabled.
   */
  readonly addons: readonly string[];
  /** Namespaces whose pods may use the node, such as that of an ingress with ports of the node. Default: none. */
  readonly privileged?: readonly string[];
  /**
   * Further machines that join. Three or more machines with a control plane make the cluster highly available. A machine
   * that leaves the list leaves the cluster, and its MicroK8s data is deleted.
   */
  readonly nodes: readonly ClusterNode[];
}

const scripts = {
  install: stepScript(import.meta.dirname, "install.sh"),
  podSecurity: stepScript(import.meta.dirname, "pod-security.sh"),
  volumes: stepScript(import.meta.dirname, "volumes.sh"),
  addon: stepScript(import.meta.dirname, "addon.sh"),
  names: stepScript(import.meta.dirname, "names.sh"),
  invite: stepScript(import.meta.dirname, "invite.sh"),
  join: stepScript(import.meta.dirname, "join.sh"),
  member: stepScript(import.meta.dirname, "member.sh"),
  kubeconfig: stepScript(import.meta.dirname, "kubeconfig.sh"),
};

/** Addons that other addons need: DNS names, permissions, volumes. */
const firstAddons = ["dns", "rbac", "hostpath-storage"];

function inOrder(addons: readonly string[]): string[] {
  const rank = (addon: string): number => {
    const position = firstAddons.indexOf(addon.split(":")[0] ?? "");
    return position === -1 ? firstAddons.length : position;
  };
  return [...addons].sort((one, other) => rank(one) - rank(other));
}

/**
 * MicroK8s on one machine or more: the snap, its addons, its nodes, and the administrator's kubeconfig.
 *
 * Each installation is protected: its removal deletes the volumes on its machine.
 */
export class MicroK8s extends BibindComponent implements Cluster {
  /** Administrator's kubeconfig; its server is the address of the first machine, port 16443. Secret. */
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: MicroK8sArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bibind:cluster:MicroK8s", name, opts);
    const { host, channel } = args;
    const installed = this.step(
      "install",
      { host, ...this.installation(host, channel) },
      { dependsOn: [host], protect: true },
    );
    const configuration = podSecurity(args.privileged ?? []);
    const confined = this.confine("", host, installed, configuration);
    const addons = this.enable(host, inOrder(args.addons), installed, confined);
    const members = args.nodes.flatMap((node) => this.join(host, node, { channel, configuration }, addons));
    const kubeconfig = this.step(
      "kubeconfig",
      {
        host,
        title: "read the kubeconfig",
        script: scripts.kubeconfig,
        parameters: { address: host.address },
        secretOutput: true,
        keeps: "it only reads",
      },
      { dependsOn: [...addons, ...members] },
    );
    this.kubeconfig = kubeconfig.output;
    this.registerOutputs({ kubeconfig: this.kubeconfig });
  }

  private step(suffix: string, args: RemoteStepArgs, opts: pulumi.ComponentResourceOptions): RemoteStep {
    return new RemoteStep(this.child(suffix), args, { parent: this, ...opts });
  }

  private installation(host: Host, channel: pulumi.Input<string>): Omit<RemoteStepArgs, "host"> {
    return { title: "install MicroK8s", script: scripts.install, parameters: { channel, address: host.address } };
  }

  /**
   * Closes the volumes of a machine to its other users, and the machine to pods. The removal of the snap removes both.
   *
   * @param configuration - of the machine's API server, if it has one
   */
  private confine(prefix: string, host: Host, installed: RemoteStep, configuration?: string): RemoteStep[] {
    const opts = { dependsOn: [installed], deletedWith: installed.command };
    const volumes = this.step(
      `${prefix}volumes`,
      {
        host,
        title: "close the folder of the volumes",
        script: scripts.volumes,
        keeps: "the folder is deleted with MicroK8s",
      },
      opts,
    );
    if (configuration === undefined) {
      return [volumes];
    }
    const title = "set the default of Pod Security";
    const args = { host, title, script: scripts.podSecurity, parameters: { configuration } };
    return [volumes, this.step(`${prefix}pod-security`, args, opts)];
  }

  /** One addon after the other, because an addon can restart the API server. @returns all steps of the first machine */
  private enable(
    host: Host,
    addons: readonly string[],
    installed: RemoteStep,
    confined: readonly RemoteStep[],
  ): RemoteStep[] {
    const steps = [installed, ...confined];
    for (const addon of addons) {
      const [name = "", ...argument] = addon.split(":");
      const args: RemoteStepArgs = {
        host,
        title: `enable the MicroK8s addon ${name}`,
        script: scripts.addon,
        parameters: { addon: name, argument: argument.join(":") },
      };
      // The removal of the snap removes the addons too.
      steps.push(this.step(`addon-${name}`, args, { dependsOn: steps.slice(-1), deletedWith: installed.command }));
    }
    return steps;
  }

  /**
   * The first machine makes an invitation, the node joins with it, and the first machine waits until the node is ready.
   *
   * In the cluster, machines know each other by name and by the addresses that they have themselves. The deployer may reach
   * them by other names and addresses.
   */
  private join(
    first: ClusterHost,
    { name, host: node, role }: ClusterNode,
    { channel, configuration }: { readonly channel: pulumi.Input<string>; readonly configuration: string },
    addons: readonly RemoteStep[],
  ): RemoteStep[] {
    const names = this.step(
      `${name}-names`,
      { host: node, title: "read the machine's name and addresses", script: scripts.names, keeps: "it only reads" },
      { dependsOn: [node] },
    );
    const invitation = this.step(
      `${name}-invite`,
      {
        host: first,
        title: "invite a machine into the cluster",
        script: scripts.invite,
        parameters: { node: names.output },
        secretOutput: true,
        replaceOnChangesOf: [node.address],
        keeps: "an invitation expires after a day",
      },
      { dependsOn: [...addons] },
    );
    const joined = this.step(
      `${name}-join`,
      {
        host: node,
        title: "join the MicroK8s cluster",
        script: scripts.join,
        parameters: { channel, first: first.address, role },
        input: invitation.output,
      },
      { dependsOn: [node], protect: true },
    );
    const member = this.step(
      `${name}-member`,
      {
        host: first,
        title: "wait until the machine is ready in the cluster",
        script: scripts.member,
        parameters: { node: names.output },
      },
      { dependsOn: [joined] },
    );
    return [member, ...this.confine(`${name}-`, node, joined, role === "worker" ? undefined : configuration)];
  }
}
