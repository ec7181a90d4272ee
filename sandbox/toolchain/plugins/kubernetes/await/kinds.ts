import { splitApiVersion, type ObjectType } from "../manifest/tokens.ts";
import { apiService, customResourceDefinition, namespace, secret } from "./cluster.ts";
import { ingress, service } from "./network.ts";
import { persistentVolume, persistentVolumeClaim } from "./storage.ts";
import type { Readiness } from "./readiness.ts";
import { daemonSet, deployment, job, pod, replicaSet, statefulSet } from "./workloads.ts";

const KINDS: Readonly<Record<string, Readiness>> = {
  "/Namespace": namespace,
  "/PersistentVolume": persistentVolume,
  "/PersistentVolumeClaim": persistentVolumeClaim,
  "/Pod": pod,
  "/Secret": secret,
  "/Service": service,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
  "apiregistration.k8s.io/APIService": apiService,
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/ReplicaSet": replicaSet,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
  "networking.k8s.io/Ingress": ingress,
};

/** The readiness rule of a kind; undefined when its objects are ready as soon as they are written. */
export function readinessOf(type: ObjectType): Readiness | undefined {
  const key = `${splitApiVersion(type.apiVersion).group}/${type.kind}`;
  return Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
}
