/** Name of Vault's Service in its model, for both distributions. */
export const vaultService = "vault";

/** Names of the pods of its servers, which are those of a StatefulSet. */
export const vaultPods = (replicas: number): string[] =>
  Array.from({ length: replicas }, (_, index) => `${vaultService}-${index}`);

/** TLS port of its API. */
export const vaultPort = 8200;

/** TLS port on which its servers speak to each other. */
export const vaultClusterPort = 8201;

/** Audience of the service account tokens that Vault accepts. */
export const vaultAudience = "vault";
