import type * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { vaultService } from "./address.ts";

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
    const resourceNames = Array.from({ length: replicas }, (_, index) => `${vaultService}-${index}`);
    const role = new Role(
      this.child("role"),
      { metadata, rules: [{ apiGroups: [""], resources: ["pods"], resourceNames, verbs: ["get", "update", "patch"] }] },
      { parent: this },
    );
    new RoleBinding(
      this.child("binding"),
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: vaultService, namespace }],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
