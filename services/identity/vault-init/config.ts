import { z } from "zod";
import { filePath, serviceUrl } from "../config.ts";
import { kubernetesSettings } from "../kubernetes/settings.ts";

const kubernetesName = () => z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "expected a name of Kubernetes");

/** A request that is done once with the root token; it may be done again, save that what is mounted is left. */
const firstRequest = z.strictObject({
  name: z.string().min(1),
  path: z.string().regex(/^[a-z][-a-z0-9_/]*$/, "expected a path of Vault's API such as sys/auth/kubernetes"),
  data: z.record(z.string(), z.json()),
});

export type FirstRequest = z.output<typeof firstRequest>;

/** How many people hold a recovery key, and how many of them must come together. */
const recovery = z
  .strictObject({ shares: z.int().min(2).max(255).default(3), threshold: z.int().min(2).default(2) })
  .refine(({ shares, threshold }) => threshold <= shares, {
    path: ["threshold"],
    error: "expected as many as there are shares at most",
  });

/** The Secret in which the result of the initialisation is kept. */
const secretName = z.strictObject({ namespace: kubernetesName(), name: kubernetesName() });

export type SecretName = z.output<typeof secretName>;

/** Configuration of `init-vault`. */
export const vaultInitConfig = z.strictObject({
  /** URL of one node, not of several: another one could be asked whether it is initialised than was told to be. */
  address: serviceUrl(),
  requests: z.array(firstRequest),
  /** Where Vault writes its audit log, as Vault sees it. */
  auditFile: filePath(),
  recovery: recovery.prefault({}),
  secret: secretName,
  kubernetes: kubernetesSettings,
});

export type VaultInitConfig = z.output<typeof vaultInitConfig>;
