import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { caFolder, caSecret } from "./model.ts";

/** Security context of every container that the platform defines itself. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Security context of every pod that the platform defines itself. The number is the user of the images. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: 65532,
  runAsGroup: 65532,
  fsGroup: 65532,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Delays the end of a container: the ingress may send it requests for a moment after Kubernetes removed it. */
export const delayedStop = { preStop: { sleep: { seconds: 5 } } };

/** A volume of a pod, and its mount in a container. */
export interface MountedVolume {
  readonly volume: { readonly name: string } & Readonly<Record<string, unknown>>;
  readonly mount: { readonly name: string; readonly mountPath: string; readonly readOnly: true };
}

function mounted(name: string, mountPath: string, source: Readonly<Record<string, unknown>>): MountedVolume {
  return { volume: { name, ...source }, mount: { name, mountPath, readOnly: true } };
}

/** A Secret as a folder of files. */
export function secretVolume(name: string, mountPath: string, secretName: unknown): MountedVolume {
  return mounted(name, mountPath, { secret: { secretName, defaultMode: 0o440 } });
}

/** The cluster-internal CA, which every model holds. */
export const caVolume: MountedVolume = secretVolume("ca", caFolder, caSecret);

/**
 * Annotations of a pod whose program reads the cluster-internal CA at its start only: the pod restarts with another CA.
 *
 * @param caCertificate - PEM certificate of the CA
 */
export function caChecksum(caCertificate: pulumi.Input<string>): Readonly<Record<string, pulumi.Output<string>>> {
  const checksum = pulumi.output(caCertificate).apply((pem) => createHash("sha256").update(pem).digest("hex"));
  return { "bibind.com/ca-checksum": checksum };
}

/** A ConfigMap as a folder of files. */
export function configVolume(mountPath: string, configMapName: unknown): MountedVolume {
  return mounted("config", mountPath, { configMap: { name: configMapName } });
}

/** The file `token` below `mountPath`: a short-lived token of the pod's service account, for one audience only. */
export function tokenVolume(mountPath: string, audience: string): MountedVolume {
  const token = { serviceAccountToken: { path: "token", audience, expirationSeconds: 600 } };
  return mounted("token", mountPath, { projected: { sources: [token] } });
}

/** Credentials for the Kubernetes API below `mountPath`: the pod's token (`token`) and the API's CA (`ca.crt`). */
export function kubernetesAccess(mountPath: string): MountedVolume {
  const token = { serviceAccountToken: { path: "token", expirationSeconds: 3600 } };
  const authority = { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } };
  return mounted("kubernetes", mountPath, { projected: { sources: [token, authority] } });
}
