import type * as pulumi from "@pulumi/pulumi";
import { BibindComponent } from "../base.ts";
import { grantRole } from "../kubernetes/role-grant.ts";
import { physicalName } from "../names.ts";
import { vaultPods, vaultService } from "./address.ts";

export interface VaultRegistrationArgs {
  readonly namespace: string;
  /** Number of servers. Changed in place. */
  readonly replicas: number;
}

/**
 * The right of Vault's servers to label their pods with their state, by which Services select the active server. The
 * chart's own role is for every pod of the namespace.
 */
export class VaultRegistration extends BibindComponent {
  constructor(name: string, args: VaultRegistrationArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultRegistration", name, opts);
    const { namespace, replicas } = args;
    const metadata = { name: physicalName("kubernetesObject", vaultService, "registration"), namespace };
    const resourceNames = vaultPods(replicas);
    const pods = { apiGroups: [""], resources: ["pods"], resourceNames, verbs: ["get", "update", "patch"] };
    grantRole(this, { metadata, rules: [pods], account: vaultService });
    this.registerOutputs({});
  }
}
