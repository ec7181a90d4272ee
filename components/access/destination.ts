import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.ts";
import type { AppIdentity } from "./app-identity.ts";

/** A workload that restarts when a Secret changes, because it reads the Secret at its start only. */
export interface RestartTarget {
  readonly kind: "Deployment" | "StatefulSet";
  readonly name: string;
}

/** A Kubernetes Secret that Vault Secrets Operator writes. */
export interface DestinationArgs {
  /** Application that reads the Secret. The Secret is in its namespace. */
  readonly identity: AppIdentity;
  /** Name of the Secret. A change replaces it. */
  readonly secretName: string;
  /**
   * Keys of the Secret, each a Go template over Vault's values (`.Secrets`). Default: Vault's values, key for key.
   * Changed in place.
   */
  readonly templates?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Workloads that restart when the Secret changes. Empty only when every reader reads the Secret again by itself. */
  readonly restarts: readonly RestartTarget[];
}

/** Metadata of the operator's object: named like the Secret. */
export function destinationMetadata(
  { identity, secretName }: Pick<DestinationArgs, "identity" | "secretName">,
  waitFor: string,
): { readonly name: string; readonly namespace: string; readonly annotations: Record<string, string> } {
  return {
    name: physicalName("kubernetesObject", secretName),
    namespace: identity.namespace,
    annotations: { "pulumi.com/waitFor": waitFor },
  };
}

/** The part of the spec that VaultStaticSecret and VaultDynamicSecret have in common. */
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
    rolloutRestartTargets: restarts.length === 0 ? undefined : restarts,
  };
}
