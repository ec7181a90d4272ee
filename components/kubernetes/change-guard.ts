import type * as pulumi from "@pulumi/pulumi";
import { deployer } from "../cluster/deployer.ts";
import { AdmissionGuard, cel, deny } from "./admission-guard.ts";
import { emergencyAnnotation, managed } from "./managed.ts";

export interface ChangeGuardArgs {
  /** Namespaces whose service accounts may change what the platform manages, as far as their roles allow it. */
  readonly programs: readonly string[];
}

const users = [deployer.user, "system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"];

/** Kubernetes' own controllers run in this namespace, if they have service accounts. */
const kubernetesNamespace = "kube-system";

/**
 * Writes that the guard sees. Not among them: the status and other parts of objects (eviction, tokens of service accounts,
 * binding), and what programs make and people may delete, such as a pod that must start again.
 */
const constraints = {
  resourceRules: [
    {
      apiGroups: ["*"],
      apiVersions: ["*"],
      operations: ["CREATE", "UPDATE", "DELETE"],
      resources: ["*", "*/scale"],
    },
  ],
  excludeResourceRules: [
    { apiGroups: [""], apiVersions: ["*"], operations: ["*"], resources: ["pods", "events"] },
    { apiGroups: ["events.k8s.io"], apiVersions: ["*"], operations: ["*"], resources: ["events"] },
    { apiGroups: ["coordination.k8s.io"], apiVersions: ["*"], operations: ["*"], resources: ["leases"] },
  ],
};

/**
 * What the expressions of both policies share. A change of an object is judged by its namespace, and that of a namespace or
 * of an object without one by itself, before and after the change.
 */
const variables = [
  {
    name: "judged",
    expression:
      "dyn(namespaceObject) != null ? [dyn(namespaceObject)] : [dyn(oldObject), dyn(object)].filter(each, each != null)",
  },
  {
    name: "managed",
    expression: `size(variables.judged) > 0 && variables.judged[0].metadata.?labels[?${cel(managed.label)}].orValue("") == ${cel(managed.value)}`,
  },
  {
    name: "reasons",
    expression: `variables.judged.map(each, each.metadata.?annotations[?${cel(emergencyAnnotation)}].orValue("")).filter(reason, reason != "")`,
  },
  {
    name: "opened",
    expression:
      'has(request.namespace) && request.namespace != "" ? "namespace " + request.namespace : request.resource.resource + " " + request.name',
  },
];

/**
 * People: everybody who is neither the deployer nor a program, with any kubeconfig. A service account is a program of its own
 * namespace too, because a layer of another stack is not among the given ones.
 */
function people(programs: readonly string[]): string {
  const groups = ["system:nodes", ...programs.map((namespace) => `system:serviceaccounts:${namespace}`)];
  const isProgram = `group in ${cel(groups)} || (has(request.namespace) && group == "system:serviceaccounts:" + request.namespace)`;
  return (
    `!(request.userInfo.username in ${cel(users)}) && ` +
    `!(has(request.userInfo.groups) && request.userInfo.groups.exists(group, ${isProgram}))`
  );
}

const refused = "The platform manages this. Change its settings and run pulumi up.";

/** The policy that refuses. */
const refusal = {
  validations: [
    {
      expression: "!variables.managed || size(variables.reasons) > 0",
      message: refused,
      messageExpression:
        `${cel(`${refused} In an emergency, open it first: kubectl annotate `)} + variables.opened + ` +
        cel(` ${emergencyAnnotation}="WHO AND WHY"`),
      reason: "Forbidden",
    },
  ],
};

/** The policy that tells people, and the API server's audit log, about a change in an emergency. It refuses nothing. */
const emergency = {
  validations: [
    {
      expression: "!variables.managed || size(variables.reasons) == 0",
      message: `An emergency (annotation ${emergencyAnnotation}) allows this change. When it is over, run make drift.`,
    },
  ],
  auditAnnotations: [
    {
      key: "emergency",
      valueExpression: 'variables.managed && size(variables.reasons) > 0 ? string(variables.reasons[0]) : ""',
    },
  ],
};

/**
 * Lets nobody but the deployer and programs change what the platform manages. In an emergency, an annotation with the
 * reason opens a namespace.
 */
export class ChangeGuard extends AdmissionGuard {
  constructor(name: string, args: ChangeGuardArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:ChangeGuard", name, opts);
    const matchConditions = [{ name: "people", expression: people([kubernetesNamespace, ...args.programs]) }];
    const common = { matchConstraints: constraints, matchConditions, variables };
    this.policy("refusal", { ...common, ...refusal }, deny);
    this.policy("emergency", { ...common, ...emergency }, ["Warn", "Audit"]);
    this.registerOutputs({});
  }
}
