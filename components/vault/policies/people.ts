import { authMethods, engines } from "../mounts.ts";
import { deployerName } from "./deployer.ts";
import { allow, at, ownToken, policyText, type Rule } from "./policy.ts";

const { kv, database, transit, pki } = engines;

/** What Vault's page and command line need of a person's own token. Nobody has Vault's policy `default`. */
const signedIn: readonly Rule[] = [
  ...ownToken,
  allow(at`sys/capabilities-self`, "update"),
  allow(at`sys/internal/ui/resultant-acl`, "read"),
];

/** Vault's configuration, without its secrets. Vault requires `sudo` to read audit devices. */
const setUp: readonly Rule[] = [
  allow(at`sys/mounts`, "read"),
  allow(at`sys/auth`, "read"),
  allow(at`sys/audit`, "read", "sudo"),
  allow(at`sys/policies/acl`, "list"),
  allow(at`sys/policies/acl/+`, "read"),
  allow(at`sys/policies/password`, "list"),
  allow(at`sys/policies/password/+`, "read"),
  allow(at`${database}/config`, "list"),
  allow(at`${database}/config/+`, "read"),
  allow(at`${database}/roles`, "list"),
  allow(at`${database}/roles/+`, "read"),
  allow(at`${transit}/keys`, "list"),
  allow(at`${transit}/keys/+`, "read"),
  allow(at`${pki}/roles`, "list"),
  allow(at`${pki}/roles/+`, "read"),
  allow(at`${pki}/certs`, "list"),
];

/**
 * Policy of operators: they read the state, revoke leases, rotate keys, and revoke certificates.
 *
 * They read no secret. They change no setting but the policy of the deployer, whose account they do not have: neither the
 * deployer nor an operator can give it a right alone. They do not rotate the password of Vault's own database user, because
 * CloudNativePG puts the old one back, and Vault could no longer connect. They cannot seal Vault, because every workload
 * would stop at its next restart; stopping Vault's pods is the emergency action.
 */
export const operatorPolicy = policyText(
  ...signedIn,
  ...setUp,
  allow(at`sys/policies/acl/${deployerName}`, "read", "update"),
  allow(at`sys/ha-status`, "read"),
  allow(at`sys/storage/raft/configuration`, "read"),
  allow(at`sys/storage/raft/autopilot/state`, "read"),
  allow(at`sys/leases/lookup`, "update"),
  allow(at`sys/leases/lookup/*`, "list", "sudo"),
  allow(at`sys/leases/revoke`, "update"),
  allow(at`${transit}/keys/+/rotate`, "update"),
  allow(at`${pki}/revoke`, "update"),
  // A program outside proves with a secret id that an operator lets it in (AppRole).
  allow(at`auth/${authMethods.machines}/role`, "list"),
  allow(at`auth/${authMethods.machines}/role/+/role-id`, "read"),
  allow(at`auth/${authMethods.machines}/role/+/secret-id`, "list", "update"),
  allow(at`auth/${authMethods.machines}/role/+/secret-id-accessor/destroy`, "update"),
);

function methodSetUp(method: string): readonly Rule[] {
  return [
    allow(at`auth/${method}/config`, "read"),
    allow(at`auth/${method}/role`, "list"),
    allow(at`auth/${method}/role/+`, "read"),
  ];
}

/**
 * Policy of auditors: they read the configuration, the groups of people, and the names and dates of secrets.
 *
 * They read no secret. With the hash of a value (`sys/audit-hash`) they can search the audit log for it.
 */
export const auditorPolicy = policyText(
  ...signedIn,
  ...setUp,
  ...Object.values(authMethods).flatMap(methodSetUp),
  allow(at`sys/config/state/sanitized`, "read"),
  allow(at`sys/audit-hash/+`, "update"),
  allow(at`identity/entity/id`, "list"),
  allow(at`identity/entity/id/+`, "read"),
  allow(at`identity/group/id`, "list"),
  allow(at`identity/group/id/+`, "read"),
  allow(at`${kv}/metadata/*`, "read", "list"),
  allow(at`${pki}/issuers`, "list"),
);

/** Policy of developers: each person has a folder of secrets that no other person can read or list. */
export const developerPolicy = policyText(
  ...signedIn,
  // The folder has the person's id in Vault: a name can be reused, and an e-mail address can contain a wildcard.
  allow(at`${kv}/data/developers/{{identity.entity.id}}/*`, "create", "read", "update", "patch", "delete"),
  allow(at`${kv}/metadata/developers/{{identity.entity.id}}/*`, "read", "list", "delete"),
  allow(at`${kv}/delete/developers/{{identity.entity.id}}/*`, "update"),
  allow(at`${kv}/undelete/developers/{{identity.entity.id}}/*`, "update"),
  allow(at`${kv}/destroy/developers/{{identity.entity.id}}/*`, "update"),
);
