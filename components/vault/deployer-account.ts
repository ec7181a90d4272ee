import type * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { AdmissionGuard, byDeployer, cel, deny, everyWriteInNamespaces } from "../kubernetes/admission-guard.ts";
import { managedLabel, withoutPrivileges } from "../kubernetes/managed.ts";
import { physicalName } from "../names.ts";
import { deployerName } from "./policies/deployer.ts";

export interface DeployerAccountArgs {
  /** Namespace of the account, in which there is nothing else. A change replaces the account. Vault knows it by its namespace. */
  readonly namespace: string;
}

/**
 * What Kubernetes' controllers do in every namespace: they make its first account and the API's CA, empty it, and complete the
 * deletion of an object whose dependents are deleted.
 */
const controllers = [
  "service-account-controller",
  "root-ca-cert-publisher",
  "namespace-controller",
  "generic-garbage-collector",
];
const controllerNames = [
  "system:kube-controller-manager",
  ...controllers.map((controller) => `system:serviceaccount:kube-system:${controller}`),
];
const byControllers =
  `request.userInfo.username in ${cel(controllerNames)} && request.?subResource.orValue("") == "" && ` +
  '(request.operation == "DELETE" || request.resource.resource in ["serviceaccounts", "configmaps"])';

/**
 * The service account by which the deployer logs in to Vault, in a namespace where nobody else writes: no program and no
 * person can request its token, or start a pod that acts as it.
 */
export class DeployerAccount extends AdmissionGuard {
  /** Namespace of the account, known once the account exists. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: DeployerAccountArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:vault:DeployerAccount", name, opts);
    const guard = this.guard(args.namespace);
    const namespace = new Namespace(
      this.child("namespace"),
      {
        metadata: {
          name: physicalName("kubernetesNamespace", args.namespace),
          labels: { ...managedLabel, ...withoutPrivileges },
        },
      },
      { parent: this, dependsOn: [guard] },
    );
    const account = new ServiceAccount(
      this.child("account"),
      {
        metadata: { name: deployerName, namespace: namespace.metadata.name },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    this.namespace = account.metadata.namespace;
    this.registerOutputs({ namespace: this.namespace });
  }

  private guard(namespace: string): pulumi.Resource {
    const spec = {
      matchConstraints: {
        resourceRules: [everyWriteInNamespaces],
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      },
      validations: [
        {
          expression: `${byDeployer} || (${byControllers})`,
          message: "Only the deployer acts in this namespace.",
          reason: "Forbidden",
        },
      ],
    };
    return this.policy("guard", spec, deny);
  }
}
