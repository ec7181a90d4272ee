import { z } from "zod";
import { filePath, serviceUrl } from "../config.ts";

/** How this pod reaches the API server of its cluster. */
export const kubernetesSettings = z.strictObject({
  server: serviceUrl().default("https://kubernetes.default.svc"),
  /** The pod's service account token for the API server. */
  tokenFile: filePath(),
  /** PEM file of the CA of the API server. */
  caFile: filePath(),
});

export type KubernetesSettings = z.output<typeof kubernetesSettings>;
