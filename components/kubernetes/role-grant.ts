import type * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import type { BibindComponent } from "../base.ts";

/** Rights of a service account in its own namespace. */
export interface RoleGrant {
  /** Name of the role and of its binding, and the namespace. */
  readonly metadata: { readonly name: string; readonly namespace: string };
  /** Rules of the role (Kubernetes documentation, "Using RBAC Authorization"). */
  readonly rules: readonly {
    readonly apiGroups: string[];
    readonly resources: string[];
    /** Names of the objects. Default: all. */
    readonly resourceNames?: string[];
    readonly verbs: string[];
  }[];
  /** Name of the service account. */
  readonly account: pulumi.Input<string>;
}

/** Grants rights to a service account. The role and its binding are the children `role` and `binding` of a component. */
export function grantRole(parent: BibindComponent, { metadata, rules, account }: RoleGrant): RoleBinding {
  const role = new Role(`${parent.componentName}-role`, { metadata, rules: [...rules] }, { parent });
  return new RoleBinding(
    `${parent.componentName}-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: account, namespace: metadata.namespace }],
    },
    { parent },
  );
}
