/** Namespace of MicroK8s' own pods. Its network and its volumes need the node. */
const systemNamespace = "kube-system";

/**
 * The admission configuration of an API server (Kubernetes documentation, "Pod Security Admission"), in JSON, which is YAML.
 *
 * Pods get neither the network, nor folders, nor devices of the node, unless the label of their namespace says so. Only
 * administrators of the cluster set this label.
 *
 * @param exempt - namespaces whose pods may use the node, besides that of Kubernetes
 */
export function podSecurity(exempt: readonly string[]): string {
  const configuration = {
    apiVersion: "pod-security.admission.config.k8s.io/v1",
    kind: "PodSecurityConfiguration",
    defaults: { enforce: "baseline", "enforce-version": "latest", warn: "restricted", "warn-version": "latest" },
    exemptions: { namespaces: [systemNamespace, ...exempt] },
  };
  return JSON.stringify({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [{ name: "PodSecurity", configuration }],
  });
}
