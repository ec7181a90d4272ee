"""A Kubernetes node of upstream programs behind MicroK8s' command line."""
