/** cert-manager's namespace, where it looks for the secrets of ClusterIssuers (cert-manager 1.11). */
export const certManagerNamespace = "cert-manager";
