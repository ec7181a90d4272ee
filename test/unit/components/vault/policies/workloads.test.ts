import assert from "node:assert/strict";
import {
  clientControllerPolicy,
  keyringPolicy,
  workloadPolicy,
} from "../../../../../components/vault/policies/workloads.ts";

/** Paths of a policy with their capabilities, without those on the client's own token. */
function rights(policy: string): Record<string, string> {
  const rules = [...policy.matchAll(/path "([^"]+)" \{\n {2}capabilities = \[([^\]]*)\]/g)];
  const pairs = rules.map((match) => [String(match[1]), String(match[2]).replaceAll('"', "")] as const);
  return Object.fromEntries(pairs.filter(([path]) => !path.startsWith("auth/token/")));
}

const workload = { layer: "iam", app: "hydra" };

describe("the policy of a workload", () => {
  it("allows what the workload needs, below the name of its layer, and nothing else", () => {
    const policy = workloadPolicy({
      ...workload,
      keys: true,
      settings: ["mail"],
      oauthClients: ["console"],
      databaseRoles: ["iam-hydra"],
      transitKeys: ["iam-hydra"],
      certificateRoles: ["machine"],
    });
    assert.deepEqual(rights(policy), {
      "kv/data/iam/hydra": "read",
      "kv/data/settings/iam/mail": "read",
      "kv/data/oauth/iam/console": "read",
      "database/creds/iam-hydra": "read",
      "sys/leases/renew": "update",
      "sys/leases/revoke": "update",
      "transit/encrypt/iam-hydra": "update",
      "transit/decrypt/iam-hydra": "update",
      "pki/issue/machine": "update",
    });
  });

  it("allows nothing by default", () => {
    assert.deepEqual(rights(workloadPolicy(workload)), {});
  });

  it("limits the revocation to the leases of its own database roles", () => {
    const policy = workloadPolicy({ ...workload, databaseRoles: ["iam-hydra", "iam-other"] });
    assert(policy.includes('"lease_id" = ["database/creds/iam-hydra/*", "database/creds/iam-other/*"]'), policy);
    assert.deepEqual(rights(workloadPolicy({ ...workload, keys: true })), { "kv/data/iam/hydra": "read" });
  });
});

describe("the policies of the platform's own programs", () => {
  it("let the controller of OAuth2 clients write the credentials of clients, and configure the sign-in to Vault", () => {
    assert.deepEqual(rights(clientControllerPolicy({ issuer: "https://auth.bibind.test", clientId: "vault" })), {
      "kv/data/oauth/+/+": "create, read, update",
      "kv/metadata/oauth/+/+": "delete",
      "auth/oidc/config": "create, update",
    });
  });

  it("let this controller name the platform's own issuer and client only", () => {
    const policy = clientControllerPolicy({ issuer: "https://auth.bibind.test", clientId: "vault" });
    const [, parameters = ""] = /path "auth\/oidc\/config" \{[^{]*allowed_parameters = \{([^}]*)\}/.exec(policy) ?? [];
    assert.deepEqual(parameters.trim().split(/\n\s*/), [
      '"oidc_discovery_url" = ["https://auth.bibind.test"]',
      '"oidc_discovery_ca_pem" = []',
      '"oidc_client_id" = ["vault"]',
      '"oidc_client_secret" = []',
      '"default_role" = ["person"]',
    ]);
  });

  it("let a keyring write the keys of one application", () => {
    assert.deepEqual(rights(keyringPolicy(workload)), { "kv/data/iam/hydra": "create, read, update" });
  });
});
