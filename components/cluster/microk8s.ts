import * as pulumi from "@pulumi/pulumi";
import { BibindComponent } from "../base.ts";
import type { Host } from "../host/host.ts";
import { RemoteStep, type RemoteStepArgs } from "../host/remote-step.ts";
import { stepScript } from "../host/shell.ts";
import type { Cluster } from "./existing.ts";

/** A machine of the cluster: the component behind it is waited for. */
export type ClusterHost = Host & pulumi.Resource;

/** What a further machine does in the cluster: hold a part of its control plane, or only run pods. */
export type NodeRole = "control-plane" | "worker";

/** A further machine of the cluster. */
export interface ClusterNode {
  /** Begins the names of its steps; it must not change while the machine belongs to the cluster. */
  readonly name: string;
  readonly host: ClusterHost;
  /** Default: control-plane, as MicroK8s has it. A machine changes it by leaving and joining again. */
  readonly role?: NodeRole;
}

export interface MicroK8sArgs {
  /** First machine; the others join it. A change installs there and does not remove from the former. */
  readonly host: ClusterHost;
  /** Snap channel such as `1.34/stable`. A change refreshes the snap in place, a minor release at a time. */
  readonly channel: pulumi.Input<string>;
  /**
   * Addons, each `name` or `name:argument`; dns and rbac come first whatever the order here. Default: none.
   * Taking one out disables it.
   */
  readonly addons?: readonly string[];
  /**
   * Further machines that join. Three or more with a control plane make the cluster highly available. One that is taken
   * out leaves the cluster and loses MicroK8s with everything that it kept.
   */
  readonly nodes?: readonly ClusterNode[];
}

const scripts = {
  install: stepScript(import.meta.dirname, "install.sh"),
  addon: stepScript(import.meta.dirname, "addon.sh"),
  invite: stepScript(import.meta.dirname, "invite.sh"),
  join: stepScript(import.meta.dirname, "join.sh"),
  member: stepScript(import.meta.dirname, "member.sh"),
  kubeconfig: stepScript(import.meta.dirname, "kubeconfig.sh"),
};

/** What other addons stand on: names to resolve, permissions to grant, volumes to claim. */
const firstAddons = ["dns", "rbac", "hostpath-storage"];

function inOrder(addons: readonly string[]): string[] {
  const rank = (addon: string): number => {
    const position = firstAddons.indexOf(addon.split(":")[0] ?? "");
    return position === -1 ? firstAddons.length : position;
  };
  return [...addons].sort((one, other) => rank(one) - rank(other));
}

/** MicroK8s on one machine or more: the snap, its addons, its nodes, and the administrator's kubeconfig. */
export class MicroK8s extends BibindComponent implements Cluster {
  /** Administrator's kubeconfig; its server is the address of the first machine, port 16443. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** True once every addon is enabled and every machine has joined. */
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: MicroK8sArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bibind:cluster:MicroK8s", name, opts);
    const { host, channel } = args;
    const installed = this.step("install", { host, ...this.installation(host, channel) }, { dependsOn: [host] });
    const addons = this.enable(host, inOrder(args.addons ?? []), installed);
    const members = (args.nodes ?? []).map((node) => this.join(host, node, channel, addons));
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
    this.ready = pulumi.all([...addons, ...members, kubeconfig].map((step) => step.output)).apply(() => true);
    this.registerOutputs({ kubeconfig: this.kubeconfig, ready: this.ready });
  }

  private step(suffix: string, args: RemoteStepArgs, opts: pulumi.ComponentResourceOptions): RemoteStep {
    return new RemoteStep(this.child(suffix), args, { parent: this, ...opts });
  }

  private installation(host: Host, channel: pulumi.Input<string>): Omit<RemoteStepArgs, "host"> {
    return { title: "install MicroK8s", script: scripts.install, parameters: { channel, address: host.address } };
  }

  /** One after the other: an addon may restart the API server under the next. @returns install, then every addon */
  private enable(host: Host, addons: readonly string[], installed: RemoteStep): RemoteStep[] {
    const steps = [installed];
    for (const addon of addons) {
      const [name = "", ...argument] = addon.split(":");
      const args: RemoteStepArgs = {
        host,
        title: `enable the MicroK8s addon ${name}`,
        script: scripts.addon,
        parameters: { addon: name, argument: argument.join(":") },
      };
      // Removing the snap removes every addon with it.
      steps.push(this.step(`addon-${name}`, args, { dependsOn: steps.slice(-1), deletedWith: installed.command }));
    }
    return steps;
  }

  /** The first machine invites, the node joins by what it was told, the first sees it ready. */
  private join(
    first: ClusterHost,
    { name, host: node, role = "control-plane" }: ClusterNode,
    channel: pulumi.Input<string>,
    after: readonly RemoteStep[],
  ): RemoteStep {
    const invitation = this.step(
      `${name}-invite`,
      {
        host: first,
        title: "invite a machine into the cluster",
        script: scripts.invite,
        parameters: { address: first.address },
        secretOutput: true,
        replaceOnChangesOf: [node.address],
        keeps: "an invitation ends by itself, after a day",
      },
      { dependsOn: [...after] },
    );
    const joined = this.step(
      `${name}-join`,
      {
        host: node,
        title: "join the MicroK8s cluster",
        script: scripts.join,
        parameters: { channel, address: node.address, first: first.address, role },
        input: invitation.output,
      },
      { dependsOn: [node] },
    );
    return this.step(
      `${name}-member`,
      {
        host: first,
        title: "see the machine ready in the cluster",
        script: scripts.member,
        parameters: { address: node.address },
      },
      { dependsOn: [joined] },
    );
  }
}
