import type * as pulumi from "@pulumi/pulumi";
import { AdmissionGuard, cel, deny, everyWriteInNamespaces } from "./admission-guard.ts";

/** An operator, and the namespaces that it serves. */
export interface GuardedOperator {
  /** Namespace of its service accounts. */
  readonly namespace: string;
  /** Operator of `servedBy`: it serves the namespaces with this label only. Default: all but the reserved ones. */
  readonly serves?: string;
}

export interface OperatorGuardArgs {
  readonly operators: readonly GuardedOperator[];
  /** Namespaces that an operator without `serves` does not serve. */
  readonly reserved: readonly string[];
  /** Audience of the tokens that an operator may request for service accounts of the namespaces that it serves. */
  readonly tokenAudience: string;
}

const labelOf = (operator: string): string => `bibind.com/${operator}`;
const served = "serves";

/** Labels of a namespace that some operators serve. Only the deployer changes them, see `ChangeGuard`. */
export function servedBy(operators: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(operators.map((operator) => [labelOf(operator), served]));
}

/** Namespace of a service account: the third part of its user name. */
const requester = 'request.userInfo.username.split(":")[2]';

/**
 * Where an operator writes anything: leases and events, which belong to no application. cert-manager keeps its leases in
 * the namespace of Kubernetes.
 */
const everywhere = [
  { apiGroups: [""], apiVersions: ["*"], operations: ["*"], resources: ["events"] },
  { apiGroups: ["events.k8s.io"], apiVersions: ["*"], operations: ["*"], resources: ["events"] },
  { apiGroups: ["coordination.k8s.io"], apiVersions: ["*"], operations: ["*"], resources: ["leases"] },
];

/** A rule for requests of one resource, and none for other requests. */
const onlyFor = (request: string, rule: string): string => `!(${request}) || ${rule}`;

const written = 'request.operation in ["CREATE", "UPDATE"]';

/** What an operator may do, beyond its roles. */
function rules(tokenAudience: string): object[] {
  return [
    {
      expression: "variables.isServed",
      messageExpression: `"The operator in " + variables.operator + " does not serve the namespace " + request.namespace + "."`,
      message: "The operator does not serve this namespace.",
      reason: "Forbidden",
    },
    {
      expression: onlyFor(
        `${written} && request.resource.resource == "secrets"`,
        'object.?type.orValue("") != "kubernetes.io/service-account-token"',
      ),
      message: "An operator makes no lasting token of a service account.",
      reason: "Forbidden",
    },
    {
      expression: onlyFor(
        'request.resource.resource == "serviceaccounts" && request.?subResource.orValue("") == "token"',
        `object.spec.?audiences.orValue([]) == ${cel([tokenAudience])}`,
      ),
      message: `An operator requests tokens for the audience ${tokenAudience} only.`,
      reason: "Forbidden",
    },
    {
      // cert-manager starts pods that answer a challenge. They need no account.
      expression: onlyFor(
        'request.operation == "CREATE" && request.resource.resource == "pods" && request.?subResource.orValue("") == ""',
        'variables.operator in variables.labels || object.spec.?serviceAccountName.orValue("default") == "default"',
      ),
      message: "An operator of every namespace starts pods with the account default only.",
      reason: "Forbidden",
    },
  ];
}

/**
 * Lets an operator write only in its own namespace and in those that it serves, and lets it become nobody else.
 *
 * The charts of the operators give them roles in the whole cluster, and have no value that limits these roles (ADR 21).
 */
export class OperatorGuard extends AdmissionGuard {
  constructor(name: string, args: OperatorGuardArgs, opts: pulumi.ComponentResourceOptions) {
    super("bibind:kubernetes:OperatorGuard", name, opts);
    const namespaces = args.operators.map(({ namespace }) => namespace);
    const labels = Object.fromEntries(
      args.operators.flatMap(({ namespace, serves }) => (serves === undefined ? [] : [[namespace, labelOf(serves)]])),
    );
    const isAccount = 'request.userInfo.username.startsWith("system:serviceaccount:")';
    const isLabelled = `namespaceObject.metadata.?labels[?variables.labels[variables.operator]].orValue("") == ${cel(served)}`;
    const spec = {
      matchConstraints: { resourceRules: [everyWriteInNamespaces], excludeResourceRules: everywhere },
      matchConditions: [{ name: "operators", expression: `${isAccount} && ${requester} in ${cel(namespaces)}` }],
      variables: [
        { name: "operator", expression: requester },
        { name: "labels", expression: cel(labels) },
        {
          name: "isServed",
          expression:
            "request.namespace == variables.operator || (variables.operator in variables.labels" +
            ` ? ${isLabelled} : !(request.namespace in ${cel(args.reserved)}))`,
        },
      ],
      validations: rules(args.tokenAudience),
    };
    this.policy("namespaces", spec, deny);
    this.registerOutputs({});
  }
}
