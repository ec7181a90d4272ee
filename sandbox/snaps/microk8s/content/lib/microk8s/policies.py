"""Access rights for kube-router, which enforces NetworkPolicies on every node with the certificate of the node."""

from microk8s import addresses, api

ROLE = "microk8s-network-policies"
RBAC = "rbac.authorization.k8s.io"
READ = ["get", "list", "watch"]
RULES = [
    {"apiGroups": [""], "resources": ["endpoints", "namespaces", "nodes", "pods", "services"], "verbs": READ},
    {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": READ},
    {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": READ},
]


def allow_nodes_to_read() -> None:
    """Lets every node read what the firewall needs. The control plane does this once for all workers."""
    role = {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": {"name": ROLE}, "rules": RULES}
    api.apply(f"/apis/{RBAC}/v1/clusterroles/{ROLE}", role)
    binding = {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": ROLE},
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": ROLE},
        "subjects": [{"apiGroup": RBAC, "kind": "Group", "name": "system:nodes"}],
    }
    api.apply(f"/apis/{RBAC}/v1/clusterrolebindings/{ROLE}", binding)


def node_is_known() -> bool:
    try:
        return api.get(f"/api/v1/nodes/{addresses.node_name()}") is not None
    except OSError:
        return False
