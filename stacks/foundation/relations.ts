import type { Application, Relation } from "../map/relation.ts";
import { ingressNamespace, operatorNamespaces } from "./operators.ts";

/** Consumers of the other layers: the ingress and the operators. Their pods are known by their namespace. */
export const applications: Readonly<Record<string, Application>> = {
  ingress: { namespace: ingressNamespace, labelled: false },
  "postgres-operator": { namespace: operatorNamespaces.postgres, labelled: false },
  "secrets-operator": { namespace: operatorNamespaces.secrets, labelled: false },
};

/** The layers above declare what these applications use of them. */
export const relations: readonly Relation[] = [];
