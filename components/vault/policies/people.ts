import { authMethods, engines } from "../mounts.ts";
import { allow, at, policyText, type Rule } from "./policy.ts";

const { kv, database, transit, pki } = engines;

/** How Vault is set up, without a secret in it. Vault counts the look at audit devices among what needs `sudo`. */
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
 * Who runs the platform: sees how it stands, ends leases, rotates database users and keys, revokes certificates.
 *
 * No secret and no setting. Sealing is not among it: it stops every workload at the next restart, and who may stop the
 * pods of Vault has the same emergency brake.
 */
export const operatorPolicy = policyText(
  ...setUp,
  allow(at`sys/ha-status`, "read"),
  allow(at`sys/storage/raft/configuration`, "read"),
  allow(at`sys/storage/raft/autopilot/state`, "read"),
  allow(at`sys/leases/lookup`, "update"),
  allow(at`sys/leases/lookup/*`, "list", "sudo"),
  allow(at`sys/leases/revoke`, "update"),
  allow(at`${database}/rotate-root/+`, "update"),
  allow(at`${transit}/keys/+/rotate`, "update"),
  allow(at`${pki}/revoke`, "update"),
);

function methodSetUp(method: string): readonly Rule[] {
  return [
    allow(at`auth/${method}/config`, "read"),
    allow(at`auth/${method}/role`, "list"),
    allow(at`auth/${method}/role/+`, "read"),
  ];
}

/**
 * Who examines the platform: the whole configuration, who belongs to what, and which secrets there are since when.
 *
 * A value found elsewhere can be looked for in the audit log by its hash (`sys/audit-hash`); no secret can be read.
 */
export const auditorPolicy = policyText(
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

/** Who develops: a folder of secrets for each person, which no other person can read or even list. */
export const developerPolicy = policyText(
  // By the person's id in Vault: a name may be given anew to another, and an e-mail address may hold a wildcard.
  allow(at`${kv}/data/developers/{{identity.entity.id}}/*`, "create", "read", "update", "patch", "delete"),
  allow(at`${kv}/metadata/developers/{{identity.entity.id}}/*`, "read", "list", "delete"),
  allow(at`${kv}/delete/developers/{{identity.entity.id}}/*`, "update"),
  allow(at`${kv}/undelete/developers/{{identity.entity.id}}/*`, "update"),
  allow(at`${kv}/destroy/developers/{{identity.entity.id}}/*`, "update"),
);
