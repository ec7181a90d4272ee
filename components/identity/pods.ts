import { caFolder, caSecret } from "../kubernetes/model.ts";

/** What every container of the platform's own pods is held to. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** What every pod of the platform's own is held to; the number is that of the images' user. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: 65532,
  runAsGroup: 65532,
  fsGroup: 65532,
  seccompProfile: { type: "RuntimeDefault" },
};

/** How a container ends: the front door may send it requests for a moment after it was told not to. */
export const outlivingItsRoute = { preStop: { sleep: { seconds: 5 } } };

/** A volume of a pod, and where its container finds it. */
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

/** The platform's CA, in every model. */
export const caVolume: MountedVolume = secretVolume("ca", caFolder, caSecret);

/** A ConfigMap as a folder of files. */
export function configVolume(mountPath: string, configMapName: unknown): MountedVolume {
  return mounted("config", mountPath, { configMap: { name: configMapName } });
}

/** A short-lived token of the pod's service account that is good for one audience alone. */
export function tokenVolume(mountPath: string, audience: string): MountedVolume {
  const token = { serviceAccountToken: { path: "token", audience, expirationSeconds: 600 } };
  return mounted("token", mountPath, { projected: { sources: [token] } });
}

/** What a pod asks the Kubernetes API with, below `mountPath`: its token (`token`) and the API's authority (`ca.crt`). */
export function kubernetesAccess(mountPath: string): MountedVolume {
  const token = { serviceAccountToken: { path: "token", expirationSeconds: 3600 } };
  const authority = { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } };
  return mounted("kubernetes", mountPath, { projected: { sources: [token, authority] } });
}
