import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import { BibindComponent } from "../base.ts";
import { kubernetesAccess } from "../kubernetes/pods.ts";
import { grantRole } from "../kubernetes/role-grant.ts";
import { Task } from "../kubernetes/task.ts";
import { physicalName } from "../names.ts";
import { vaultService } from "./address.ts";
import { deployerNamespace } from "./policies/deployer.ts";
import { deployerLogin } from "./self-init.ts";
import { auditFile } from "./server.ts";

export interface VaultInitArgs {
  /** Name of the model, which is its namespace. */
  readonly model: string;
  /** URL of Vault's first server, as pods reach it. */
  readonly address: string;
  /** Image of services/identity. */
  readonly image: string;
  /** Number of recovery keys, and how many of them are needed together. A later change has no effect on Vault. */
  readonly recovery: { readonly shares: number; readonly threshold: number };
}

/** Application of the task that initialises Vault. */
export const vaultInit = "vault-init";

/** Secret in which the task keeps Vault's answers. */
const vaultInitSecret = physicalName("kubernetesObject", vaultService, "init");

const accessFolder = "/var/run/kubernetes";

/**
 * Initialises HashiCorp Vault once: saves its recovery keys in a Secret, enables the deployer's login through Kubernetes,
 * and revokes the root token. The next run resumes a run that was killed.
 *
 * The task owns the Secret. The Secret is deleted with its namespace only, so no change of this program can lose the keys.
 */
export class VaultInit extends BibindComponent {
  /** The recovery keys as a JSON list, secret; unknown until the deployer can log in. */
  readonly recoveryKeys: pulumi.Output<string>;

  constructor(name: string, args: VaultInitArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultInit", name, opts);
    const { model, address, image, recovery } = args;
    const binding = this.secretAccess(model);
    const task = new Task(
      this.child("task"),
      {
        namespace: model,
        serviceAccount: vaultInit,
        application: vaultInit,
        image,
        command: ["init-vault"],
        access: kubernetesAccess(accessFolder),
        config: {
          address,
          requests: deployerLogin(deployerNamespace),
          auditFile: auditFile("vault"),
          recovery,
          secret: { namespace: model, name: vaultInitSecret },
          kubernetes: {
            server: "https://kubernetes.default.svc",
            tokenFile: `${accessFolder}/token`,
            caFile: `${accessFolder}/ca.crt`,
          },
        },
      },
      { parent: this, dependsOn: binding },
    );
    const result = Secret.get(
      this.child("result"),
      task.done.apply(() => `${model}/${vaultInitSecret}`),
      { parent: this },
    );
    this.recoveryKeys = pulumi.secret(
      result.data.apply(({ recoveryKeys = "" }) => Buffer.from(recoveryKeys, "base64").toString("utf8")),
    );
    this.registerOutputs({ recoveryKeys: this.recoveryKeys });
  }

  /** Rights of the task: to create Secrets, which Kubernetes cannot limit to one name, and to read and change this one. */
  private secretAccess(namespace: string): RoleBinding {
    const metadata = { name: vaultInit, namespace };
    const account = new ServiceAccount(
      this.child("account"),
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
    const rules = [
      { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: [vaultInitSecret], verbs: ["get", "patch"] },
    ];
    return grantRole(this, { metadata, rules, account: account.metadata.name });
  }
}
