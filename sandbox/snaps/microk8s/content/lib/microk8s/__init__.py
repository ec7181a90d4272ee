"""A Kubernetes node: the original Kubernetes programs with the command line of MicroK8s."""
