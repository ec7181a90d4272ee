import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import { BibindComponent } from "../base.ts";
import { IdentityTask } from "../identity/identity-task.ts";
import { kubernetesAccess } from "../identity/pods.ts";
import { physicalName } from "../names.ts";
import { vaultAudience, vaultService } from "./address.ts";
import { deployerLogin } from "./self-init.ts";
import { auditFile } from "./server.ts";

export interface VaultInitArgs {
  /** Name of the model, and its namespace once that is there. */
  readonly model: string;
  readonly namespace: pulumi.Input<string>;
  /** URL of Vault's first server, as pods reach it. */
  readonly address: pulumi.Input<string>;
  /** Image of services/identity. */
  readonly image: string;
  /** Recovery keys that are made, and how many of them must come together. They cannot be changed here later. */
  readonly recovery: { readonly shares: number; readonly threshold: number };
}

/** Application of the task that initialises Vault. */
export const vaultInit = "vault-init";

/** Secret in which it keeps what Vault told. */
export const vaultInitSecret = physicalName("kubernetesObject", vaultService, "init");

const accessFolder = "/var/run/kubernetes";

/**
 * Initialises HashiCorp Vault, once: its recovery keys are saved in a Secret at once, the deployer is let in by Kubernetes'
 * word, and the root token is revoked. A run that was killed is gone on with by the next.
 *
 * The Secret is the task's own: it stays until its namespace goes, so that no change of this program can lose the keys.
 */
export class VaultInit extends BibindComponent {
  /** The recovery keys: a JSON list, secret; known once the deployer can log in. */
  readonly recoveryKeys: pulumi.Output<string>;
  /** True once the deployer can log in and the root token is revoked. */
  readonly done: pulumi.Output<boolean>;

  constructor(name: string, args: VaultInitArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:VaultInit", name, opts);
    const { model, address, image, recovery } = args;
    const serviceAccount = this.serviceAccount(args);
    const task = new IdentityTask(
      this.child("task"),
      {
        identity: { namespace: args.namespace, serviceAccount },
        application: vaultInit,
        image,
        command: ["init-vault"],
        access: kubernetesAccess(accessFolder),
        config: pulumi.output(address).apply((address) => ({
          address,
          requests: deployerLogin({ namespace: model, audience: vaultAudience }),
          auditFile: auditFile("vault"),
          recovery,
          secret: { namespace: model, name: vaultInitSecret },
          kubernetes: {
            server: "https://kubernetes.default.svc",
            tokenFile: `${accessFolder}/token`,
            caFile: `${accessFolder}/ca.crt`,
          },
        })),
      },
      { parent: this },
    );
    const result = Secret.get(
      this.child("result"),
      task.done.apply(() => `${model}/${vaultInitSecret}`),
      { parent: this },
    );
    this.recoveryKeys = pulumi.secret(
      result.data.apply(({ recoveryKeys = "" }) => Buffer.from(recoveryKeys, "base64").toString("utf8")),
    );
    this.done = task.done;
    this.registerOutputs({ recoveryKeys: this.recoveryKeys, done: this.done });
  }

  /** Who may make Secrets, which Kubernetes cannot narrow down to one name, and read and change this one alone. */
  private serviceAccount({ namespace }: VaultInitArgs): pulumi.Output<string> {
    const metadata = { name: physicalName("kubernetesObject", vaultInit), namespace };
    const account = new ServiceAccount(
      this.child("account"),
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
    const role = new Role(
      this.child("role"),
      {
        metadata,
        rules: [
          { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
          { apiGroups: [""], resources: ["secrets"], resourceNames: [vaultInitSecret], verbs: ["get", "patch"] },
        ],
      },
      { parent: this },
    );
    const binding = new RoleBinding(
      this.child("binding"),
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
      },
      { parent: this },
    );
    return binding.id.apply(() => account.metadata.name);
  }
}
