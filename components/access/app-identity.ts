import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { AuthBackendRole } from "@pulumi/vault/kubernetes/authBackendRole.js";
import { Policy } from "@pulumi/vault/policy.js";
import { after } from "../after.ts";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { vaultAudience } from "../vault/address.ts";
import { authMethods } from "../vault/mounts.ts";
import { secretsOperatorApi } from "./vault-connection.ts";

export interface AppIdentityArgs {
  /** Layer of the application: the first part of its policy and of its role. */
  readonly layer: string;
  /** Application, and name of its service account. A change replaces everything of it. */
  readonly application: string;
  readonly namespace: pulumi.Input<string>;
  /** What it may do in Vault: the text of its policy. Changed in place. */
  readonly policy: string;
  /** Name of the model's VaultConnection; known once it is there. */
  readonly vaultConnection: pulumi.Input<string>;
}

/**
 * Seconds within which a login is renewed, without end: what was leased by it, such as a database user, ends with it. What
 * a restart of Vault Secrets Operator leaves behind is good for as long as this.
 */
const periodSeconds = 24 * 3600;

/**
 * Who an application is: a service account, and what Vault lets it do.
 *
 * Vault believes Kubernetes: the role fits this service account in this namespace, with a token made for Vault, and no other.
 */
export class AppIdentity extends BibindComponent {
  /** Name of the service account, known once Vault knows it. */
  readonly serviceAccount: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** Role in Vault's Kubernetes auth method. */
  readonly role: pulumi.Output<string>;
  /** VaultAuth by which Vault Secrets Operator acts for it. */
  readonly vaultAuth: pulumi.Output<string>;

  constructor(name: string, args: AppIdentityArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:AppIdentity", name, opts);
    const { layer, application, namespace } = args;
    const account = new ServiceAccount(
      this.child("account"),
      {
        metadata: { name: physicalName("kubernetesObject", application), namespace },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    const policy = new Policy(
      this.child("policy"),
      { name: physicalName("vaultPolicy", layer, application), policy: args.policy },
      { parent: this },
    );
    const role = new AuthBackendRole(
      this.child("role"),
      {
        backend: authMethods.kubernetes,
        roleName: physicalName("vaultRole", layer, application),
        boundServiceAccountNames: [account.metadata.name],
        boundServiceAccountNamespaces: [namespace],
        audience: vaultAudience,
        tokenPolicies: [policy.name],
        tokenPeriod: periodSeconds,
      },
      { parent: this },
    );
    this.role = role.roleName;
    this.vaultAuth = this.auth(args, account, role).metadata.name;
    this.namespace = pulumi.output(namespace);
    this.serviceAccount = after([role.id], account.metadata.name);
    this.registerOutputs({
      serviceAccount: this.serviceAccount,
      namespace: this.namespace,
      role: this.role,
      vaultAuth: this.vaultAuth,
    });
  }

  private auth(args: AppIdentityArgs, account: ServiceAccount, role: AuthBackendRole): CustomResource {
    return new CustomResource(
      this.child("auth"),
      {
        apiVersion: secretsOperatorApi,
        kind: "VaultAuth",
        metadata: { name: account.metadata.name, namespace: args.namespace },
        spec: {
          vaultConnectionRef: args.vaultConnection,
          method: "kubernetes",
          mount: authMethods.kubernetes,
          kubernetes: { role: role.roleName, serviceAccount: account.metadata.name, audiences: [vaultAudience] },
        },
      },
      { parent: this },
    );
  }
}
