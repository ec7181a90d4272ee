/** Name of Vault's Service, whichever distribution answers, and its TLS port. */
export const vaultService = "vault";
export const vaultPort = 8200;

/** Audience of the service account tokens that Vault takes. */
export const vaultAudience = "vault";
