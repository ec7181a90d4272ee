import { ValidatingAdmissionPolicy } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicy.js";
import { ValidatingAdmissionPolicyBinding } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicyBinding.js";
import { BibindComponent } from "../base.ts";
import { deployer } from "../cluster/deployer.ts";
import { physicalName } from "../names.ts";
import { managedLabel } from "./managed.ts";

/** The expressions are in CEL. JSON's texts, lists of texts and maps of texts are CEL's too. */
export const cel = (value: unknown): string => JSON.stringify(value);

/** Whether the deployer makes the request. */
export const byDeployer = `request.userInfo.username == ${cel(deployer.user)}`;

/** Every write to what is in namespaces, with its subresources: tokens of service accounts, commands in pods. */
export const everyWriteInNamespaces = {
  apiGroups: ["*"],
  apiVersions: ["*"],
  operations: ["*"],
  resources: ["*/*"],
  scope: "Namespaced",
};

/** What the cluster does with a request that breaks a rule. */
export const deny = ["Deny", "Audit"];

/**
 * Rules that the API server checks before it writes (ValidatingAdmissionPolicy, Kubernetes 1.30 and newer).
 *
 * Admission policies see no request that only reads, and do not apply to admission policies and webhooks: an administrator
 * can always delete them (ADR 17).
 */
export abstract class AdmissionGuard extends BibindComponent {
  /** One policy, in force in the whole cluster. If the API server cannot evaluate it, it refuses the request. */
  protected policy(
    suffix: string,
    spec: object,
    validationActions: readonly string[],
  ): ValidatingAdmissionPolicyBinding {
    const metadata = { name: physicalName("kubernetesObject", "bibind", this.child(suffix)), labels: managedLabel };
    const policy = new ValidatingAdmissionPolicy(
      this.child(suffix),
      { metadata, spec: { failurePolicy: "Fail", ...spec } },
      { parent: this },
    );
    return new ValidatingAdmissionPolicyBinding(
      this.child(`${suffix}-binding`),
      { metadata, spec: { policyName: policy.metadata.name, validationActions: [...validationActions] } },
      { parent: this },
    );
  }
}
