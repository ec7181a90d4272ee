import { z } from "zod";
import { filePath, serviceUrl } from "../config.ts";
import { kubernetesSettings } from "../kubernetes/settings.ts";

const kubernetesName = () => z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "expected a name of Kubernetes");

/** A request that is sent with the root token. It may be sent again; a mount that exists already is not changed. */
const firstRequest = z.strictObject({
  name: z.string().min(1),
  path: z.string().regex(/^[a-z][-a-z0-9_/]*$/, "expected a path of Vault's API such as sys/auth/kubernetes"),
  data: z.record(z.string(), z.json()),
});

export type FirstRequest = z.output<typeof firstRequest>;

/** Number of recovery keys, and how many of them are needed together. */
const recovery = z
  .strictObject({ shares: z.int().min(2).max(255).default(3), threshold: z.int().min(2).default(2) })
  .refine(({ shares, threshold }) => threshold <= shares, {
    path: ["threshold"],
    error: "expected at most the number of shares",
  });

/** The Secret that keeps the result of the initialisation. */
const secretName = z.strictObject({ namespace: kubernetesName(), name: kubernetesName() });

export type SecretName = z.output<typeof secretName>;

/** Configuration of `init-vault`. */
export const vaultInitConfig = z.strictObject({
  /** URL of a single node. Behind a URL of several nodes, the check and the initialisation could reach different nodes. */
  address: serviceUrl(),
  requests: z.array(firstRequest),
  /** Path of the audit log in Vault's own file system. */
  auditFile: filePath(),
  recovery: recovery.prefault({}),
  secret: secretName,
  kubernetes: kubernetesSettings,
});

export type VaultInitConfig = z.output<typeof vaultInitConfig>;
