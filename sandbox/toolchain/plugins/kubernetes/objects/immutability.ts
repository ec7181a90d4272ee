import { at, type JsonObject } from "../manifest/json.ts";
import { isWithin, parsePath, type Path } from "../../server/paths.ts";
import type { Settings } from "../provider/settings.ts";
import { splitApiVersion } from "../manifest/tokens.ts";
import type { ObjectName } from "../api/errors.ts";
import type { Change } from "../../server/changes.ts";

/** Immutable fields (API of v1.34). They need no dry run. */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
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

/** The changed paths that need a replacement. */
export function replacingPaths(
  object: ObjectName,
  before: JsonObject,
  changes: readonly Change[],
  settings: Settings,
): Path[] {
  const immutable = [...IDENTITY, ...immutableFields(object, before, settings)].map(parsePath);
  return changes.map((change) => change.path).filter((path) => immutable.some((field) => touches(path, field)));
}

function immutableFields(object: ObjectName, before: JsonObject, settings: Settings): readonly string[] {
  const key = `${splitApiVersion(object.apiVersion).group}/${object.kind}`;
  const fields = Object.hasOwn(IMMUTABLE, key) ? (IMMUTABLE[key] ?? []) : [];
  return [...fields, ...immutableData(key, before, settings)];
}

/**
 * New data replaces a ConfigMap or Secret unless a provider setting makes it mutable. The vendor's plugin does the
 * same.
 */
function immutableData(key: string, before: JsonObject, settings: Settings): readonly string[] {
  if (key !== "/ConfigMap" && key !== "/Secret") {
    return [];
  }
  if (at(before, "immutable") === true) {
    return [...DATA, "immutable"];
  }
  const mutable = key === "/ConfigMap" ? settings.enableConfigMapMutable : settings.enableSecretMutable;
  return mutable ? [] : DATA;
}

/** Whether a change affects a field: it is inside the field or around it. `[*]` stands for any item. */
export function touches(path: Path, field: Path): boolean {
  const length = Math.min(path.length, field.length);
  const pattern = field.slice(0, length).map((step, index) => (step === "*" ? (path[index] ?? step) : step));
  return isWithin(path.slice(0, length), pattern);
}
