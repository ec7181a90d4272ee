import type * as pulumi from "@pulumi/pulumi";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import { BibindComponent } from "../base.ts";
import { vaultService } from "./address.ts";

export interface AuditReaderArgs {
  /** Name of Vault's model, which is its namespace. */
  readonly model: string;
  /** Servers of Vault. */
  readonly replicas: number;
}

/** Name of the service account and of its role. */
const auditor = "auditor";

/**
 * A service account for auditors: it reads what the servers of Vault print, which has the audit log, and nothing else.
 *
 * It can run nothing in their pods, so it cannot change the log. An administrator makes its tokens.
 */
export class AuditReader extends BibindComponent {
  constructor(name: string, args: AuditReaderArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:AuditReader", name, opts);
    const { model, replicas } = args;
    const metadata = { name: auditor, namespace: model };
    const account = new ServiceAccount(
      this.child("account"),
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
    const resourceNames = Array.from({ length: replicas }, (_, index) => `${vaultService}-${index}`);
    const role = new Role(
      this.child("role"),
      { metadata, rules: [{ apiGroups: [""], resources: ["pods", "pods/log"], resourceNames, verbs: ["get"] }] },
      { parent: this },
    );
    new RoleBinding(
      this.child("binding"),
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: model }],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
