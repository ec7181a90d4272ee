import assert from "node:assert/strict";
import type { Fetch } from "../../../../../services/identity/network/patient-fetch.ts";
import { NewVault } from "../../../../../services/identity/vault-init/new-vault.ts";

const address = "https://vault-0.vault-internal.iam.svc:8200";

/** A Vault that answers each request, by method and path, with a status and a body; and what it was asked. */
function vaultOf(answers: Readonly<Record<string, readonly [number, unknown?]>>) {
  const asked: string[] = [];
  const answering =
    (how: string): Fetch =>
    (url, { method = "", body } = {}) => {
      const line = `${method} ${new URL(url).pathname.replace("/v1/", "")}`;
      asked.push(`${how}${line} ${typeof body === "string" ? body : ""}`.trimEnd());
      const [status, answer] = answers[line] ?? [500, { errors: ["unexpected"] }];
      return Promise.resolve(answer === undefined ? new Response(null, { status }) : Response.json(answer, { status }));
    };
  return { asked, vault: new NewVault(address, answering(""), answering("patiently ")) };
}

const mounted = { data: { "kubernetes/": { type: "kubernetes" } } };

describe("a Vault that nobody can sign in to yet", () => {
  it("tells whether it is initialised", async () => {
    for (const initialized of [true, false]) {
      const { vault } = vaultOf({ "GET sys/init": [200, { initialized }] });
      assert.equal(await vault.isInitialised(), initialized);
    }
  });

  it("is initialised with recovery keys, by the one request whose answer must not be lost", async () => {
    const told = { keys: [], recovery_keys: ["00"], recovery_keys_base64: ["AA==", "AQ=="], root_token: "root" };
    const { vault, asked } = vaultOf({ "POST sys/init": [200, told] });
    const result = await vault.initialise({ shares: 3, threshold: 2 });
    assert.deepEqual(result, { recoveryKeys: ["AA==", "AQ=="], rootToken: "root" });
    assert.deepEqual(asked, ['patiently POST sys/init {"recovery_shares":3,"recovery_threshold":2}']);
  });

  it("serves when it is active, or stands by for one that is", async () => {
    for (const status of [200, 429]) {
      await vaultOf({ "GET sys/health": [status, {}] }).vault.untilServing();
    }
    const { vault } = vaultOf({ "GET sys/health": [503, {}] });
    await assert.rejects(vault.untilServing(), /Vault is sealed: see in its log/);
  });

  it("is given what is not mounted yet, and keeps what is", async () => {
    const { vault, asked } = vaultOf({ "GET sys/auth": [200, mounted], "POST sys/auth/oidc": [204] });
    const request = (name: string) => ({ name, path: `sys/auth/${name}`, data: { type: name } });
    assert.equal(await vault.bringAbout(request("kubernetes"), "root"), false);
    assert.equal(await vault.bringAbout(request("oidc"), "root"), true);
    assert.deepEqual(asked, ["GET sys/auth", "GET sys/auth", 'POST sys/auth/oidc {"type":"oidc"}']);
  });

  it("is told everything else again", async () => {
    const { vault, asked } = vaultOf({ "POST auth/kubernetes/config": [204] });
    const request = { name: "config", path: "auth/kubernetes/config", data: { kubernetes_host: "https://k" } };
    assert.equal(await vault.bringAbout(request, "root"), true);
    assert.deepEqual(asked, ['POST auth/kubernetes/config {"kubernetes_host":"https://k"}']);
  });

  it("takes a token that is not valid any more for revoked, and nothing else", async () => {
    for (const status of [204, 403]) {
      await vaultOf({ "POST auth/token/revoke-self": [status] }).vault.revoke("root");
    }
    await assert.rejects(
      vaultOf({ "POST auth/token/revoke-self": [500, { errors: ["no\n  storage"] }] }).vault.revoke("root"),
      /Vault refused POST auth\/token\/revoke-self \(500\): no storage/,
    );
  });

  it("says how to go on when the root token was revoked before its work was done", async () => {
    const { vault } = vaultOf({ "POST a/b": [403, { errors: ["permission denied"] }] });
    await assert.rejects(vault.bringAbout({ name: "a", path: "a/b", data: {} }, "s3cr3t"), (error: Error) => {
      assert.match(error.message, /POST a\/b \(403\): permission denied/);
      assert.match(error.message, /operator generate-root/);
      assert.doesNotMatch(error.message, /s3cr3t/);
      return true;
    });
  });
});
