/**
 * Vault answers to everybody, before any login: what its servers are called and how they are set up, and how to initialise,
 * unseal or join them. People outside need none of this. Its page needs `sys/health` and `sys/seal-status`, which also
 * tell the version.
 */
export const closedPaths = [
  "leader",
  "init",
  "unseal",
  "rekey",
  "generate-root",
  "host-info",
  "in-flight-req",
  "internal/specs",
  "metrics",
  "monitor",
  "pprof",
  "storage/raft/bootstrap",
  "storage/raft/join",
].map((path) => `/v1/sys/${path}`);

/** Vault stores an answer for as long as the caller says, even for a caller without a token. */
export const wrappingHeaders = ["X-Vault-Wrap-TTL", "X-Vault-Wrap-Format"];
