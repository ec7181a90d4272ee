import { authMethods } from "../../../components/vault/mounts.ts";
import { deployerName, deployerPolicy } from "../../../components/vault/policies/deployer.ts";
import { operatorPolicy } from "../../../components/vault/policies/people.ts";
import { get, post, remove, testAttempts, tokenOf, type Attempt } from "../../integration/vault/attempts.ts";
import { everything, startPlatformVault, type PlatformVault } from "../../integration/vault/platform.ts";

const readable = { audit_non_hmac_response_keys: "data" };
const ownPolicy = post(`sys/policies/acl/${deployerName}`, { policy: everything });

/** One step after which the deployer would have every right, or the secrets of others would be lost or readable. */
const takeovers: readonly Attempt[] = [
  ownPolicy,
  remove(`sys/policies/acl/${deployerName}`),
  post(`auth/kubernetes/role/${deployerName}`, { token_policies: ["operator"], token_period: "24h" }),
  post("auth/kubernetes/config", { kubernetes_host: "https://192.0.2.1", kubernetes_ca_cert: "" }),
  post("auth/oidc/config", { oidc_discovery_url: "https://192.0.2.1" }),
  post("sys/auth/kubernetes/tune", { max_lease_ttl: "87600h" }),
  post("sys/mounts/kv/tune", readable),
  post("sys/mounts/kv/tune", { audit_non_hmac_request_keys: "data" }),
  post("sys/mounts/kv/tune", { passthrough_request_headers: "x-vault-token" }),
  post("sys/auth/oidc/tune", readable),
  ...Object.values(authMethods).map((method) => remove(`sys/auth/${method}`)),
  ...["kv", "transit", "database", "pki"].map((engine) => remove(`sys/mounts/${engine}`)),
  post("kv/config", { delete_version_after: "1s" }),
  post("kv/metadata/iam/hydra", { delete_version_after: "1s" }),
  post("kv/metadata/iam/hydra", { max_versions: 10, delete_version_after: "1s" }),
  post("database/config/main", { plugin_name: "mysql-database-plugin" }),
  post("sys/audit/own", { type: "file", options: { file_path: "/dev/null" } }),
  post("sys/quotas/config", { rate_limit_exempt_paths: ["auth"] }),
];

describe("Somebody with the deployer's token", function () {
  this.timeout(180_000);
  let platform: PlatformVault;
  const tokens = { deployer: "", operator: "" };

  before(async () => {
    platform = await startPlatformVault();
    tokens.deployer = await tokenOf(platform.vault, deployerName, deployerPolicy);
    tokens.operator = await tokenOf(platform.vault, "operator", operatorPolicy);
  });

  after(() => platform.remove());

  testAttempts(() => ({ vault: platform.vault, token: tokens.deployer }), {
    may: [
      post("sys/mounts/pki/tune", { max_lease_ttl: "87600h", description: "certificates" }),
      post("sys/auth/oidc/tune", { listing_visibility: "unauth", description: "Bibind account" }),
      post("kv/metadata/iam/hydra", { max_versions: 10 }),
      get(`sys/policies/acl/${deployerName}`),
    ],
    mayNot: takeovers,
  });

  describe("needs an operator for another policy, who has no use for it", () => {
    testAttempts(() => ({ vault: platform.vault, token: tokens.operator }), {
      may: [post(`sys/policies/acl/${deployerName}`, { policy: deployerPolicy })],
      mayNot: [
        remove(`sys/policies/acl/${deployerName}`),
        post("sys/policies/acl/operator", { policy: everything }),
        post(`auth/kubernetes/role/${deployerName}`, { bound_service_account_names: ["own"] }),
        post("database/rotate-root/main"),
      ],
    });
  });
});
