import assert from "node:assert/strict";
import type { Fetch } from "../../../../../services/identity/network/retrying-fetch.ts";
import { NewVault } from "../../../../../services/identity/vault-init/new-vault.ts";

const address = "https://vault-0.vault-internal.iam.svc:8200";

/** A Vault that answers each request, by method and path, with a status and a body; it records the requests. */
function vaultOf(answers: Readonly<Record<string, readonly [number, unknown?]>>) {
  const requests: string[] = [];
  const answering =
    (prefix: string): Fetch =>
    (url, { method = "", body } = {}) => {
      const line = `${method} ${new URL(url).pathname.replace("/v1/", "")}`;
      requests.push(`${prefix}${line} ${typeof body === "string" ? body : ""}`.trimEnd());
      const [status, answer] = answers[line] ?? [500, { errors: ["unexpected"] }];
      return Promise.resolve(answer === undefined ? new Response(null, { status }) : Response.json(answer, { status }));
    };
  return { requests, vault: new NewVault(address, answering(""), answering("slowly ")) };
}

const mounted = { data: { "kubernetes/": { type: "kubernetes" } } };

describe("a new Vault", () => {
  it("says whether it is initialised", async () => {
    for (const initialized of [true, false]) {
      const { vault } = vaultOf({ "GET sys/init": [200, { initialized }] });
      assert.equal(await vault.isInitialised(), initialized);
    }
  });

  it("is initialised with recovery keys, by a request with a long timeout", async () => {
    const answer = { keys: [], recovery_keys: ["00"], recovery_keys_base64: ["AA==", "AQ=="], root_token: "root" };
    const { vault, requests } = vaultOf({ "POST sys/init": [200, answer] });
    const result = await vault.initialise({ shares: 3, threshold: 2 });
    assert.deepEqual(result, { recoveryKeys: ["AA==", "AQ=="], rootToken: "root" });
    assert.deepEqual(requests, ['slowly POST sys/init {"recovery_shares":3,"recovery_threshold":2}']);
  });

  it("serves when it is active or a standby", async () => {
    for (const status of [200, 429]) {
      await vaultOf({ "GET sys/health": [status, {}] }).vault.waitUntilServing();
    }
    const { vault } = vaultOf({ "GET sys/health": [503, {}] });
    await assert.rejects(vault.waitUntilServing(), /Vault is sealed: its log says why/);
  });

  it("gets only mounts that it does not have yet", async () => {
    const { vault, requests } = vaultOf({ "GET sys/auth": [200, mounted], "POST sys/auth/oidc": [204] });
    const request = (name: string) => ({ name, path: `sys/auth/${name}`, data: { type: name } });
    assert.equal(await vault.apply(request("kubernetes"), "root"), false);
    assert.equal(await vault.apply(request("oidc"), "root"), true);
    assert.deepEqual(requests, ["GET sys/auth", "GET sys/auth", 'POST sys/auth/oidc {"type":"oidc"}']);
  });

  it("gets every other request again", async () => {
    const { vault, requests } = vaultOf({ "POST auth/kubernetes/config": [204] });
    const request = { name: "config", path: "auth/kubernetes/config", data: { kubernetes_host: "https://k" } };
    assert.equal(await vault.apply(request, "root"), true);
    assert.deepEqual(requests, ['POST auth/kubernetes/config {"kubernetes_host":"https://k"}']);
  });

  it("accepts that a token to revoke is no longer valid, and no other refusal", async () => {
    for (const status of [204, 403]) {
      await vaultOf({ "POST auth/token/revoke-self": [status] }).vault.revoke("root");
    }
    await assert.rejects(
      vaultOf({ "POST auth/token/revoke-self": [500, { errors: ["no\n  storage"] }] }).vault.revoke("root"),
      /Vault refused POST auth\/token\/revoke-self \(500\): no storage/,
    );
  });

  it("names the remedy when the root token was revoked too early", async () => {
    const { vault } = vaultOf({ "POST a/b": [403, { errors: ["permission denied"] }] });
    await assert.rejects(vault.apply({ name: "a", path: "a/b", data: {} }, "s3cr3t"), (error: Error) => {
      assert.match(error.message, /POST a\/b \(403\): permission denied/);
      assert.match(error.message, /operator generate-root/);
      assert.doesNotMatch(error.message, /s3cr3t/);
      return true;
    });
  });
});
