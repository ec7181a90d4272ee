import { ok, rejects, strictEqual } from "node:assert/strict";
import { z } from "zod";
import { clientControllerPolicy, keyringPolicy, workloadPolicy } from "../../../components/vault/policies/workloads.ts";
import type { ApiData } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { publicKey } from "../toolchain/vault/keys.ts";
import { get, testAttempts, list, post, remove, tokenOf } from "./attempts.ts";
import { startPlatformVault, type PlatformVault } from "./platform.ts";

const common = { common_name: "hydra.iam.svc", ttl: "1h" };
const secret = { data: { value: "other" } };
const plaintext = Buffer.from("text").toString("base64");
const leases = z.object({ keys: z.tuple([z.string()], z.string()) });

/** Ways to name a lease in a request to revoke it: description, path, parameters, and the status of the refusal. */
const revocations: readonly (readonly [string, (id: string) => string, (id: string) => ApiData, number])[] = [
  ["by its id", () => "sys/leases/revoke", (id) => ({ lease_id: id }), 403],
  ["by its id in the path", (id) => `sys/leases/revoke/${id}`, () => ({}), 403],
  // The policy allows the parameter, and Vault ignores it outside of the path.
  ["by the parameter of the path", () => "sys/leases/revoke", (id) => ({ url_lease_id: id }), 400],
  ["by its prefix", () => "sys/leases/revoke-prefix/database/creds/kratos", () => ({}), 403],
];

/** The configuration of the sign-in of people that the controller may write. */
const signIn = {
  oidc_discovery_url: "https://auth.bibind.test",
  oidc_client_id: "vault",
  oidc_client_secret: "never-log-this",
  default_role: "person",
};

/** Requests that no policy of a workload allows. */
const forbidden = [
  get("sys/mounts"),
  get("sys/auth"),
  list("sys/policies/acl"),
  post("sys/policies/acl/own", { policy: 'path "*" { capabilities = ["sudo"] }' }),
  post("auth/token/create"),
  list("kv/metadata"),
  list("auth/kubernetes/role"),
  post("sys/seal"),
];

describe("The policy of a workload, on a real OpenBao", function () {
  this.timeout(180_000);
  let platform: PlatformVault;
  const tokens = { workload: "", controller: "", keyring: "" };

  before(async () => {
    platform = await startPlatformVault();
    const needs = {
      layer: "iam",
      app: "hydra",
      keys: true,
      settings: ["mail"],
      oauthClients: ["console"],
      databaseRoles: ["hydra"],
      transitKeys: ["hydra"],
      certificateRoles: ["hydra"],
    };
    tokens.workload = await tokenOf(platform.vault, "workload", workloadPolicy(needs));
    tokens.controller = await tokenOf(
      platform.vault,
      "controller",
      clientControllerPolicy({ issuer: "https://auth.bibind.test", clientId: "vault" }),
    );
    tokens.keyring = await tokenOf(platform.vault, "keyring", keyringPolicy({ layer: "iam", app: "hydra" }));
  });

  after(() => platform.remove());

  const holder = (name: keyof typeof tokens) => () => ({ vault: platform.vault, token: tokens[name] });

  describe("that needs everything", () => {
    testAttempts(holder("workload"), {
      may: [
        get("kv/data/iam/hydra"),
        get("kv/data/settings/iam/mail"),
        get("kv/data/oauth/iam/console"),
        get("database/creds/hydra"),
        post("transit/encrypt/hydra", { plaintext }),
        post("pki/issue/hydra", common),
        get("auth/token/lookup-self"),
        post("auth/token/renew-self"),
      ],
      mayNot: [
        get("kv/data/iam/kratos"),
        get("kv/data/iam/hydra/more"),
        get("kv/data/iam"),
        get("kv/metadata/iam/hydra"),
        list("kv/metadata/iam"),
        post("kv/data/iam/hydra", secret),
        remove("kv/data/iam/hydra"),
        get("kv/data/settings/iam/seal"),
        get("kv/data/settings/delivery/mail"),
        get("kv/data/oauth/iam/gitlab"),
        get("kv/data/oauth/delivery/console"),
        list("kv/metadata/oauth"),
        list("kv/metadata/oauth/iam"),
        get("database/creds/kratos"),
        get("database/roles/hydra"),
        get("database/config/main"),
        post("database/rotate-role/hydra"),
        post("transit/encrypt/kratos", { plaintext }),
        post("transit/decrypt/kratos", { ciphertext: "vault:v1:" }),
        post("transit/encrypt/absent", { plaintext }),
        get("transit/keys/hydra"),
        get("transit/export/encryption-key/hydra"),
        post("transit/keys/hydra/rotate"),
        post("pki/issue/kratos", common),
        post("pki/sign/hydra", { csr: "" }),
        get("pki/roles/hydra"),
        ...forbidden,
      ],
    });

    /** Leases a database user as the administrator. */
    async function leaseOf(role: string): Promise<string> {
      const { vault } = platform;
      ok(await vault.get(`database/creds/${role}`));
      const found = await vault.send("LIST", `sys/leases/lookup/database/creds/${role}`, {});
      const [key] = leases.parse(found?.data).keys;
      return `database/creds/${role}/${key}`;
    }

    it("allows the workload to revoke a lease of its own role", async () => {
      const { vault, token } = holder("workload")();
      await vault.post("sys/leases/revoke", { lease_id: await leaseOf("hydra") }, { token });
    });

    for (const [how, path, body, status] of revocations) {
      it(`does not allow the workload to revoke a lease of another role ${how}`, async () => {
        const { vault, token } = holder("workload")();
        const leaseId = await leaseOf("kratos");
        await rejects(vault.post(path(leaseId), body(leaseId), { token }), { status });
        ok(await vault.post("sys/leases/lookup", { lease_id: leaseId }), "the lease was revoked");
      });
    }

    it("allows the workload to encrypt and decrypt with its own key", async () => {
      const { token } = holder("workload")();
      const { vault } = platform;
      const sealed = await vault.post("transit/encrypt/hydra", { plaintext }, { token });
      const ciphertext = sealed.data?.ciphertext ?? "";
      strictEqual((await vault.post("transit/decrypt/hydra", { ciphertext }, { token })).data?.plaintext, plaintext);
    });
  });

  describe("that is the controller of OAuth2 clients", () => {
    testAttempts(holder("controller"), {
      may: [
        post("kv/data/oauth/iam/new", secret),
        post("kv/data/oauth/iam/new", { ...secret, options: { cas: 1 } }),
        get("kv/data/oauth/iam/new"),
        get("kv/data/oauth/delivery/console"),
        remove("kv/metadata/oauth/iam/new"),
      ],
      mayNot: [
        post("auth/oidc/config", { jwt_validation_pubkeys: [publicKey] }),
        post("auth/oidc/config", { ...signIn, oidc_discovery_url: "https://192.0.2.1" }),
        post("auth/oidc/config", { ...signIn, default_role: "other" }),
        post("auth/oidc/config", { ...signIn, bound_issuer: "https://192.0.2.1" }),
        list("kv/metadata/oauth"),
        list("kv/metadata/oauth/iam"),
        remove("kv/data/oauth/iam/new"),
        get("kv/data/oauth/console"),
        get("kv/data/oauth/iam/deep/er"),
        get("auth/oidc/config"),
        post("auth/kubernetes/config", { kubernetes_host: "https://10.0.0.1" }),
        get("kv/data/iam/hydra"),
        post("kv/data/iam/hydra", secret),
        get("database/creds/hydra"),
        ...forbidden,
      ],
    });
  });

  describe("that is the keyring task of an application", () => {
    testAttempts(holder("keyring"), {
      may: [get("kv/data/iam/hydra"), post("kv/data/iam/hydra", { ...secret, options: { cas: 1 } })],
      mayNot: [
        get("kv/data/iam/kratos"),
        post("kv/data/iam/kratos", secret),
        remove("kv/data/iam/hydra"),
        remove("kv/metadata/iam/hydra"),
        post("kv/destroy/iam/hydra", { versions: [1] }),
        get("kv/data/oauth/iam/console"),
        ...forbidden,
      ],
    });
  });
});
