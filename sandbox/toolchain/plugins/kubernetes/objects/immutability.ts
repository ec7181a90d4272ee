import { at, type JsonObject } from "../manifest/json.ts";
import { isWithin, parsePath, type Path } from "../../server/paths.ts";
import type { Settings } from "../provider/settings.ts";
import { splitApiVersion } from "../manifest/tokens.ts";
import type { ObjectName } from "../api/errors.ts";
import type { Change } from "../../server/changes.ts";

/** Fields that can never change on an existing object (API of v1.34): known without asking the server. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  "/Pod": ["spec.nodeName", "spec.serviceAccountName", "spec.volumes"],
  "/PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.selector",
    "spec.storageClassName",
    "spec.volumeMode",
    "spec.volumeName",
  ],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP", "spec.clusterIPs"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/ReplicaSet": ["spec.selector"],
  "apps/StatefulSet": ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
  "batch/Job": ["spec.template", "spec.selector", "spec.completions", "spec.completionMode"],
  "networking.k8s.io/IngressClass": ["spec.controller"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "scheduling.k8s.io/PriorityClass": ["value", "preemptionPolicy"],
  "storage.k8s.io/StorageClass": ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
  "storage.k8s.io/CSIDriver": ["spec.attachRequired", "spec.volumeLifecycleModes"],
};
const IDENTITY = ["kind", "metadata.name", "metadata.namespace"];
const DATA = ["data", "binaryData", "stringData"];

/** The changed paths that need another object instead of this one. */
export function replacingPaths(
  object: ObjectName,
  before: JsonObject,
  changes: readonly Change[],
  settings: Settings,
): Path[] {
  const fixed = [...IDENTITY, ...fixedFields(object, before, settings)].map(parsePath);
  return changes.map((change) => change.path).filter((path) => fixed.some((field) => touches(path, field)));
}

function fixedFields(object: ObjectName, before: JsonObject, settings: Settings): readonly string[] {
  const key = `${splitApiVersion(object.apiVersion).group}/${object.kind}`;
  const fields = Object.hasOwn(FIXED, key) ? (FIXED[key] ?? []) : [];
  return [...fields, ...fixedData(key, before, settings)];
}

/** As with the vendor's plugin, new data means a new ConfigMap or Secret unless the provider says otherwise. */
function fixedData(key: string, before: JsonObject, settings: Settings): readonly string[] {
  if (key !== "/ConfigMap" && key !== "/Secret") {
    return [];
  }
  if (at(before, "immutable") === true) {
    return [...DATA, "immutable"];
  }
  const mutable = key === "/ConfigMap" ? settings.enableConfigMapMutable : settings.enableSecretMutable;
  return mutable ? [] : DATA;
}

/** Whether a change reaches a field: it lies within it, or replaces something around it. `[*]` is any item. */
export function touches(path: Path, field: Path): boolean {
  const length = Math.min(path.length, field.length);
  const pattern = field.slice(0, length).map((step, index) => (step === "*" ? (path[index] ?? step) : step));
  return isWithin(path.slice(0, length), pattern);
}
