/**
 * The built-in kinds (v1.34) whose objects have no namespace; `*` means all kinds of the group. With this table, a
 * check of a built-in kind needs no request. For any other group, the server's discovery decides.
 */
const CLUSTER_KINDS: Readonly<Record<string, readonly string[]>> = {
  "": ["Namespace", "Node", "PersistentVolume", "ComponentStatus"],
  "admissionregistration.k8s.io": ["*"],
  "apiextensions.k8s.io": ["*"],
  "apiregistration.k8s.io": ["*"],
  apps: [],
  autoscaling: [],
  batch: [],
  "certificates.k8s.io": ["*"],
  "coordination.k8s.io": [],
  "discovery.k8s.io": [],
  "events.k8s.io": [],
  "flowcontrol.apiserver.k8s.io": ["*"],
  "networking.k8s.io": ["IngressClass", "IPAddress", "ServiceCIDR"],
  "node.k8s.io": ["*"],
  policy: [],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "scheduling.k8s.io": ["*"],
  "storage.k8s.io": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
};

/** Whether objects of a built-in kind are in a namespace; undefined for a group that is not built in. */
export function builtInIsNamespaced(group: string, kind: string): boolean | undefined {
  const kinds = Object.hasOwn(CLUSTER_KINDS, group) ? CLUSTER_KINDS[group] : undefined;
  return kinds === undefined ? undefined : !kinds.includes("*") && !kinds.includes(kind);
}
