/** Namespace of MicroK8s' ingress controller (MicroK8s core addons, May 2026). */
export const ingressNamespace = "ingress";

/** Namespaces of the operators that the layer installs. */
export const operatorNamespaces = {
  postgres: "cnpg-system",
  secrets: "vault-secrets-operator-system",
} as const;
