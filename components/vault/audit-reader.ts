import type * as pulumi from "@pulumi/pulumi";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { BibindComponent } from "../base.ts";
import { grantRole } from "../kubernetes/role-grant.ts";
import { vaultPods } from "./address.ts";

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
    const pods = {
      apiGroups: [""],
      resources: ["pods", "pods/log"],
      resourceNames: vaultPods(replicas),
      verbs: ["get"],
    };
    grantRole(this, { metadata, rules: [pods], account: account.metadata.name });
    this.registerOutputs({});
  }
}
