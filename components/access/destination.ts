import type * as pulumi from "@pulumi/pulumi";
import type { AppIdentity } from "./app-identity.ts";

/** A workload that reads a Secret when it starts, and is started anew when the Secret changes. */
export interface RestartTarget {
  readonly kind: "Deployment" | "StatefulSet";
  readonly name: string;
}

/** A Kubernetes Secret that Vault Secrets Operator writes. */
export interface DestinationArgs {
  /** On whose behalf: the Secret is in its namespace. */
  readonly identity: AppIdentity;
  /** Name of the Secret. A change replaces it. */
  readonly secretName: string;
  /**
   * Keys of the Secret, each a Go template over what Vault gives (`.Secrets`). Default: what Vault gives, key for key.
   * Changed in place.
   */
  readonly templates?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Workloads that are started anew when the Secret changes. Default: none. */
  readonly restarts?: readonly RestartTarget[];
}

/** Until Vault Secrets Operator has written the Secret for the first time. */
export const untilSynced = { "pulumi.com/waitFor": "jsonpath={.status.secretMAC}" };

/** The part that every kind of synced secret has in common (VaultStaticSecret, VaultDynamicSecret). */
export function destinationSpec({
  identity,
  secretName,
  templates,
  restarts,
}: DestinationArgs): Record<string, unknown> {
  const texts = Object.entries(templates ?? {}).map(([key, text]) => [key, { text }] as const);
  const transformation =
    texts.length === 0
      ? { excludeRaw: true }
      : { excludeRaw: true, excludes: [".*"], templates: Object.fromEntries(texts) };
  return {
    vaultAuthRef: identity.vaultAuth,
    destination: { name: secretName, create: true, transformation },
    rolloutRestartTargets: restarts,
  };
}
