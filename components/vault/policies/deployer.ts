import { authMethods, engines } from "../mounts.ts";
import { allow, at, ownToken, policyText, type Rule } from "./policy.ts";

/** Name of the deployer's policy, of its role in the Kubernetes auth method, and of its service account. */
export const deployerName = "pulumi";

/** Namespace of that service account, and of nothing else. */
export const deployerNamespace = "bibind-deployer";

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
  // The deployer can neither extend nor break its own login.
  allow(at`sys/auth/${authMethods.kubernetes}`, "read"),
  allow(at`auth/${authMethods.kubernetes}/role/${deployerName}`, "read"),
];

const policies: readonly Rule[] = [
  allow(at`sys/policies/acl`, "list"),
  allow(at`sys/policies/acl/+`, "create", "read", "update", "delete"),
  // A new version of the platform may change the deployer's own policy, and no other identity can write it.
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

/** The settings of the engines, and the paths of the engines without secrets. */
const engineSettings: readonly Rule[] = [
  allow(at`${kv}/config`, "create", "read", "update"),
  // Secrets from the settings: the deployer writes them and cannot read them.
  allow(at`${kv}/data/settings/+/+`, "create", "update"),
  allow(at`${kv}/metadata/settings/+/+`, "delete"),
  // Keys of applications: the deployer sets how many versions are kept, and deletes them with the application.
  allow(at`${kv}/metadata/+/+`, "create", "update", "delete"),
  allow(at`${database}/config/+`, "create", "read", "update", "delete"),
  allow(at`${database}/roles/+`, "create", "read", "update", "delete"),
  allow(at`${transit}/keys/+`, "create", "read", "update", "delete"),
  allow(at`${transit}/keys/+/config`, "create", "update"),
];

/** Only `internal` keys: Vault shows the private keys of the other kinds to their creator. */
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
 * The policy of the deployer: the whole configuration of Vault, and none of its secrets.
 *
 * The deployer writes policies and roles, so it can give itself any right in two more steps. This policy protects from
 * mistakes and makes each such step an entry of the audit log. It does not stop a malicious deployer.
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
