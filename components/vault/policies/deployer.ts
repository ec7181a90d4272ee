import { authMethods, engines } from "../mounts.ts";
import { allow, at, ownToken, policyText, type Rule } from "./policy.ts";

/** Name of the deployer's policy, of its role in the Kubernetes auth method, and of its service account. */
export const deployerName = "pulumi";

/** Namespace of that service account, and of nothing else. */
export const deployerNamespace = "bibind-deployer";

const { kv, database, transit, pki } = engines;

/** Settings of a mount that write its secrets unencrypted into the audit log, or into the headers of an answer. */
const disclosing = [
  "audit_non_hmac_request_keys",
  "audit_non_hmac_response_keys",
  "passthrough_request_headers",
  "allowed_response_headers",
];

/** The engines exist as long as Vault does: the deletion of an engine deletes every secret in it. */
const secretEngines: readonly Rule[] = [
  allow(at`sys/mounts`, "read"),
  ...Object.values(engines).flatMap((engine) => [
    {
      ...allow(at`sys/mounts/${engine}`, "create", "read", "update"),
      parameters: { type: [engine, ...(engine === kv ? ["kv-v2"] : [])] },
    },
    { ...allow(at`sys/mounts/${engine}/tune`, "read", "update"), refused: disclosing },
  ]),
];

/** Vault counts enabling an auth method among the operations that need `sudo`. */
const signIn: readonly Rule[] = [
  allow(at`sys/auth`, "read"),
  ...[authMethods.people, authMethods.pipelines, authMethods.machines].flatMap((method) => [
    { ...allow(at`sys/auth/${method}`, "create", "read", "update", "sudo"), parameters: { type: [method] } },
    { ...allow(at`sys/auth/${method}/tune`, "read", "update", "sudo"), refused: disclosing },
  ]),
  allow(at`auth/${authMethods.pipelines}/config`, "create", "read", "update", "delete"),
  allow(at`auth/+/role/+`, "create", "read", "update", "delete"),
  allow(at`auth/+/role/+/role-id`, "read", "update"),
  // The deployer can neither extend nor break its own login.
  allow(at`sys/auth/${authMethods.kubernetes}`, "read"),
  allow(at`auth/${authMethods.kubernetes}/config`, "read"),
  allow(at`auth/${authMethods.kubernetes}/role/${deployerName}`, "read"),
];

const policies: readonly Rule[] = [
  allow(at`sys/policies/acl`, "list"),
  allow(at`sys/policies/acl/+`, "create", "read", "update", "delete"),
  // Only an operator changes the deployer's own policy.
  allow(at`sys/policies/acl/${deployerName}`, "read"),
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
  // Secrets from the settings: the deployer writes them and cannot read them.
  allow(at`${kv}/data/settings/+/+`, "create", "update"),
  allow(at`${kv}/metadata/settings/+/+`, "delete"),
  // Keys of applications: the deployer sets how many versions are kept, and deletes them with the application.
  { ...allow(at`${kv}/metadata/+/+`, "create", "update", "delete"), parameters: { max_versions: [] }, closed: true },
  {
    ...allow(at`${database}/config/+`, "create", "read", "update", "delete"),
    parameters: { plugin_name: ["postgresql-database-plugin"] },
  },
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

/** How many requests a client may send. */
const quotas: readonly Rule[] = [allow(at`sys/quotas/rate-limit/+`, "create", "read", "update", "delete")];

/**
 * The policy of the deployer: what a deployment changes in Vault, and none of its secrets.
 *
 * What a deployment does not change is out of its reach: its own login and policy, the login of people, the end of an engine,
 * and settings that write secrets unencrypted into the audit log. The first start makes these, and an operator changes the policy.
 *
 * The deployer writes the policies and roles of applications. So a malicious deployer can still give any right to an account
 * of the cluster whose token it has, and can send the password of Vault's database user to another server. Each of these
 * steps is an entry of the audit log.
 */
export const deployerPolicy = policyText(
  ...ownToken,
  ...secretEngines,
  ...signIn,
  ...policies,
  ...people,
  ...engineSettings,
  ...certificates,
  ...quotas,
);
