import { certManagerNamespace } from "../../components/kubernetes/cert-manager.ts";
import type { Application, Relation } from "../map/relation.ts";
import { ingressNamespace, operatorNamespaces } from "./namespaces.ts";

/**
 * The ingress and the operators, which are consumers of the other layers, and cert-manager. Their pods are known by their
 * namespace. The API server calls the webhooks of two of them.
 */
export const applications: Readonly<Record<string, Application>> = {
  ingress: { namespace: ingressNamespace, labelled: false, publicPorts: [8000, 8443] },
  "cert-manager": { namespace: certManagerNamespace, labelled: false, publicPorts: [10250] },
  "postgres-operator": { namespace: operatorNamespaces.postgres, labelled: false, publicPorts: [9443] },
  "secrets-operator": { namespace: operatorNamespaces.secrets, labelled: false },
};

/** The layers above declare what these applications use of them. */
export const relations: readonly Relation[] = [];
