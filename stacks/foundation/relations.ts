import type { Application, Relation } from "../map/relation.ts";
import { ingressNamespace, operatorNamespaces } from "./namespaces.ts";

/** The ingress and the operators, which are consumers of the other layers. Their pods are known by their namespace. */
export const applications: Readonly<Record<string, Application>> = {
  ingress: { namespace: ingressNamespace, labelled: false },
  "postgres-operator": { namespace: operatorNamespaces.postgres, labelled: false },
  "secrets-operator": { namespace: operatorNamespaces.secrets, labelled: false },
};

/** The layers above declare what these applications use of them. */
export const relations: readonly Relation[] = [];
