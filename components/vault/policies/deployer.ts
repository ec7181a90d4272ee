import { authMethods, engines } from "../mounts.ts";
import { allow, at, ownToken, policyText, type Rule } from "./policy.ts";

/** Name of the deployer's policy, of its role in the Kubernetes auth method and of its service account. */
export const deployerName = "pulumi";

const { kv, database, transit, pki } = engines;

const secretEngines: readonly Rule[] = [
  allow(at`sys/mounts`, "read"),
  {
    ...allow(at`sys/mounts/+`, "create", "read", "update", "delete"),
    parameters: { type: ["kv", "kv-v2", "database", "transit", "pki"] },
  },
  allow(at`sys/mounts/+/tune`, "read", "update"),
];

/** Vault counts enabling an auth method among the operations that need `sudo`. */
const signIn: readonly Rule[] = [
  allow(at`sys/auth`, "read"),
  {
    ...allow(at`sys/auth/+`, "create", "read", "update", "delete", "sudo"),
    parameters: { type: ["approle", "jwt", "kubernetes", "oidc"] },
  },
  allow(at`sys/auth/+/tune`, "read", "update", "sudo"),
  allow(at`auth/+/config`, "create", "read", "update", "delete"),
  allow(at`auth/+/role/+`, "create", "read", "update", "delete"),
  allow(at`auth/+/role/+/role-id`, "read", "update"),
  // Its own way in: it neither widens it nor locks itself out.
  allow(at`sys/auth/${authMethods.kubernetes}`, "read"),
  allow(at`auth/${authMethods.kubernetes}/role/${deployerName}`, "read"),
];

const policies: readonly Rule[] = [
  allow(at`sys/policies/acl`, "list"),
  allow(at`sys/policies/acl/+`, "create", "read", "update", "delete"),
  // A new version of the platform brings a new policy of the deployer itself: no other identity could write it.
  allow(at`sys/policies/acl/${deployerName}`, "read", "update"),
  allow(at`sys/policies/password/+`, "create", "read", "update", "delete"),
];

const people: readonly Rule[] = [
  allow(at`identity/group`, "create", "update"),
  allow(at`identity/group/id/+`, "create", "read", "update", "delete"),
  allow(at`identity/group/name/+`, "read"),
  allow(at`identity/group-alias`, "create", "update"),
  allow(at`identity/group-alias/id/+`, "create", "read", "update", "delete"),
];

/** The settings of the engines; of what is in them only what holds no secret. */
const engineSettings: readonly Rule[] = [
  allow(at`${kv}/config`, "create", "read", "update"),
  // What the operator gave in the settings: it brings that here, and cannot read it again.
  allow(at`${kv}/data/settings/+`, "create", "update"),
  allow(at`${kv}/metadata/settings/+`, "delete"),
  allow(at`${database}/config/+`, "create", "read", "update", "delete"),
  allow(at`${database}/roles/+`, "create", "read", "update", "delete"),
  allow(at`${transit}/keys/+`, "create", "read", "update", "delete"),
  allow(at`${transit}/keys/+/config`, "create", "update"),
];

/** Only `internal` keys: those of the other kinds are told to who makes them. */
const certificates: readonly Rule[] = [
  allow(at`${pki}/issuers`, "list"),
  allow(at`${pki}/issuers/generate/+/internal`, "create", "update"),
  allow(at`${pki}/issuer/+`, "read", "update", "delete"),
  allow(at`${pki}/intermediate/set-signed`, "create", "update"),
  allow(at`${pki}/roles/+`, "create", "read", "update", "delete"),
  allow(at`${pki}/config/urls`, "create", "read", "update"),
  allow(at`${pki}/config/auto-tidy`, "create", "read", "update"),
];

/**
 * The policy of the deployer: the whole configuration of Vault, none of its secrets.
 *
 * Who may write policies and roles can, in two more steps, give himself any right: what this policy denies protects from
 * mistakes and from a look in passing, and makes every such step an entry of the audit log. It is no wall against a
 * deployer who is an adversary.
 */
export const deployerPolicy = policyText(
  ...ownToken,
  ...secretEngines,
  ...signIn,
  ...policies,
  ...people,
  ...engineSettings,
  ...certificates,
);
