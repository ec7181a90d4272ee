import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Properties } from "../../../../sandbox/toolchain/plugins/server/values.ts";
import { asText } from "../../../../sandbox/toolchain/plugins/vault/schema/mapping.ts";
import { vaultSession } from "../../../../sandbox/toolchain/plugins/vault/server/session.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import { startVault, type TestVault } from "./openbao.ts";
import { freePort } from "../../../support/free-port.ts";

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("The vault plugin's session with a real OpenBao", function () {
  this.timeout(180_000);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  let server: TestVault;
  let admin: Vault;

  function session(settings: Properties, retrySeconds?: number): Promise<Vault> {
    const common = { address: server.address, caCertFile: server.caCertFile };
    return vaultSession(vaultSettings({ ...common, ...settings }, {}), retrySeconds);
  }

  /** A token of a workload, as Kubernetes signs it. */
  function workloadToken(lifeSeconds: number): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: "deployer", aud: "vault", iat: now, nbf: now, exp: now + lifeSeconds };
    const content = `${base64({ alg: "ES256", typ: "JWT" })}.${base64(claims)}`;
    const signature = sign("sha256", Buffer.from(content), { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${content}.${signature.toString("base64url")}`;
  }

  async function newToken(policies: readonly string[]): Promise<string> {
    const answer = await admin.post("auth/token/create", { policies: [...policies], no_default_policy: true });
    return answer.auth?.client_token ?? "";
  }

  before(async () => {
    server = await startVault();
    const { username, password } = server.admin;
    admin = await session({ authLoginUserpass: JSON.stringify({ username, password }), skipChildToken: "true" });
    await admin.post("sys/auth/jwt", { type: "jwt" });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    await admin.post("auth/jwt/config", { jwt_validation_pubkeys: [pem] });
    const role = {
      role_type: "jwt",
      user_claim: "sub",
      bound_audiences: ["vault"],
      token_policies: ["admin"],
      token_ttl: 60,
    };
    await admin.post("auth/jwt/role/deployer", role);
  });

  after(() => server.remove());

  it("logs in with a workload's token through authLoginJwt and through authLogin", async () => {
    const jwt = workloadToken(600);
    const first = await session({ authLoginJwt: JSON.stringify({ role: "deployer", jwt }) });
    ok(await first.get("sys/mounts"));
    const parameters = { role: "deployer", jwt };
    const second = await session({ authLogin: JSON.stringify({ path: "auth/jwt/login", parameters }) });
    ok(await second.get("sys/mounts"));
  });

  it("explains a refused login, without the token", async () => {
    const jwt = workloadToken(-600);
    const expired = await session({ authLoginJwt: JSON.stringify({ role: "deployer", jwt }) });
    await rejects(expired.get("sys/mounts"), (error: Error) => {
      match(error.message, /login to Vault at auth\/jwt\/login was refused \(400\).*expired/s);
      return !error.message.includes(jwt);
    });
  });

  it("uses a short-lived child token by default", async () => {
    const { username, password } = server.admin;
    const authLoginUserpass = JSON.stringify({ username, password });
    const child = await (await session({ authLoginUserpass, tokenName: "it" })).get("auth/token/lookup-self");
    strictEqual(child?.display_name, "token-it");
    strictEqual(child.explicit_max_ttl, 1200);
    const own = await (await session({ authLoginUserpass, skipChildToken: "true" })).get("auth/token/lookup-self");
    strictEqual(own?.display_name, "userpass-admin");
  });

  it("logs in again when its token was revoked", async () => {
    const vault = await session({ authLoginJwt: JSON.stringify({ role: "deployer", jwt: workloadToken(600) }) });
    const first = await vault.get("auth/token/lookup-self");
    await admin.post("auth/token/revoke-accessor", { accessor: asText(first?.accessor) });
    const second = await vault.get("auth/token/lookup-self");
    ok(second !== undefined && second.accessor !== first?.accessor);
  });

  it("distinguishes an invalid token from a missing policy", async () => {
    const token = await newToken(["admin"]);
    const vault = await session({ token, skipChildToken: "true" });
    ok(await vault.get("sys/mounts"));
    await admin.post("auth/token/revoke", { token });
    await rejects(vault.get("sys/mounts"), /does not accept the token: it is wrong, revoked or expired/);
  });

  it("names the path and the capability that a policy lacks", async () => {
    await admin.post("sys/policies/acl/own", { policy: 'path "auth/token/lookup-self" { capabilities = ["read"] }' });
    const vault = await session({ token: await newToken(["own"]), skipChildToken: "true" });
    await rejects(vault.get("secret/data/app"), /capability read on path "secret\/data\/app"/);
    await rejects(
      vault.post("sys/auth/github", {}),
      /capability create and update and sudo on path "sys\/auth\/github"/,
    );
    await rejects(vault.list("secret/metadata"), /capability list on path/);
  });

  it("explains how to avoid a child token when the token may not create one", async () => {
    const vault = await session({ token: await newToken(["own"]) });
    await rejects(vault.get("sys/mounts"), /may not create tokens[^]*skipChildToken: true/);
  });

  it("trusts only the configured CA", async () => {
    const { address } = server;
    const system = await vaultSession(vaultSettings({ address, token: "x" }, {}), 1);
    await rejects(system.get("sys/mounts"), /certificate of Vault is not trusted[^]*caCertFile/);
    const file = join(server.folder, "nothing.pem");
    await rejects(session({ token: "x", caCertFile: file }), /certificate authority cannot be read/);
    await writeFile(file, "no certificate");
    const lax = await vaultSession(
      vaultSettings({ address, token: "x", skipTlsVerify: "true", skipChildToken: "true" }, {}),
      1,
    );
    await rejects(lax.get("sys/mounts"), /does not accept the token/);
  });

  it("waits for a server that restarts", async () => {
    const { username, password } = server.admin;
    const vault = await session({ authLoginUserpass: JSON.stringify({ username, password }) }, 60);
    await server.stop();
    const answer = vault.get("sys/mounts");
    await server.start();
    ok(await answer);
  });

  it("reports an address where nothing listens", async () => {
    const address = `https://127.0.0.1:${await freePort()}`;
    const vault = await session({ address, token: "x" }, 1);
    await rejects(vault.get("sys/mounts"), /Vault cannot be reached[^]*ECONNREFUSED[^]*VAULT_ADDR/);
  });

  it("reports a sealed server", async () => {
    const { username, password } = server.admin;
    const login = { authLoginUserpass: JSON.stringify({ username, password }) };
    await admin.post("sys/seal", {});
    await rejects((await session(login, 1)).get("sys/mounts"), /Vault is sealed[^]*unseal/);
    await server.stop();
    await server.start();
    ok(await (await session(login, 30)).get("sys/mounts"));
  });
});
