import type * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { AuthBackendRole } from "@pulumi/vault/kubernetes/authBackendRole.js";
import { Policy } from "@pulumi/vault/policy.js";
import { BibindComponent } from "../base.ts";
import { physicalName } from "../names.ts";
import { vaultAudience } from "../vault/address.ts";
import { authMethods } from "../vault/mounts.ts";
import { secretsOperatorApi, vaultConnectionName, type VaultConnection } from "./vault-connection.ts";

export interface AppIdentityArgs {
  /** Layer of the application: the first part of its policy and of its role. */
  readonly layer: string;
  /** Application, and name of its service account. A change replaces the identity. */
  readonly application: string;
  readonly namespace: string;
  /** Text of its policy in Vault. Changed in place. */
  readonly policy: pulumi.Input<string>;
  /**
   * How long a login lasts. `renewed`: as long as Vault Secrets Operator renews it, because the leases of the application
   * end with it. `short`: some minutes, for a program that logs in again by itself.
   */
  readonly login: "renewed" | "short";
  /** Connection of the model to Vault. */
  readonly connection: VaultConnection;
}

/**
 * Period of the application's token in seconds. Vault Secrets Operator renews the token within it. Leases of the token,
 * such as a database user, end with it, so this is also the longest life of a lease that a restart of the operator loses.
 */
const periodSeconds = 24 * 3600;

/** Duration of a short login in seconds. */
const shortSeconds = 600;

const logins = {
  renewed: { tokenPeriod: periodSeconds },
  short: { tokenTtl: shortSeconds, tokenExplicitMaxTtl: shortSeconds },
} as const;

/**
 * The identity of an application: its service account, and its rights in Vault.
 *
 * The role in Vault accepts tokens of this service account in this namespace, with Vault as their audience, and no others.
 */
export class AppIdentity extends BibindComponent {
  readonly namespace: string;
  /** Name of the service account. */
  readonly serviceAccount: string;
  /** Role in Vault's Kubernetes auth method. */
  readonly role: string;
  /** Name of the VaultAuth by which Vault Secrets Operator logs in as the application. */
  readonly vaultAuth: string;

  constructor(name: string, args: AppIdentityArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:access:AppIdentity", name, opts, args.connection);
    const { layer, application, namespace } = args;
    this.namespace = namespace;
    this.serviceAccount = physicalName("kubernetesObject", application);
    this.vaultAuth = this.serviceAccount;
    this.role = physicalName("vaultRole", layer, application);
    const account = new ServiceAccount(
      this.child("account"),
      { metadata: { name: this.serviceAccount, namespace }, automountServiceAccountToken: false },
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
        roleName: this.role,
        boundServiceAccountNames: [this.serviceAccount],
        boundServiceAccountNamespaces: [namespace],
        audience: vaultAudience,
        tokenPolicies: [policy.name],
        tokenNoDefaultPolicy: true,
        ...logins[args.login],
      },
      { parent: this },
    );
    new CustomResource(
      this.child("auth"),
      {
        apiVersion: secretsOperatorApi,
        kind: "VaultAuth",
        metadata: { name: this.vaultAuth, namespace },
        spec: {
          vaultConnectionRef: vaultConnectionName,
          method: "kubernetes",
          mount: authMethods.kubernetes,
          kubernetes: { role: this.role, serviceAccount: this.serviceAccount, audiences: [vaultAudience] },
        },
      },
      { parent: this, dependsOn: [account, role] },
    );
    this.registerOutputs({
      namespace: this.namespace,
      serviceAccount: this.serviceAccount,
      role: this.role,
      vaultAuth: this.vaultAuth,
    });
  }
}
