import assert from "node:assert/strict";
import type { OAuth2Client } from "@ory/hydra-client-fetch";
import { z } from "zod";
import { HydraClients } from "../../../services/identity/clients/hydra-clients.ts";
import { isOurs } from "../../../services/identity/clients/wanted.ts";
import { hydraAdmin } from "../../../services/identity/hydra/hydra.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { startVault, type TestVault } from "../toolchain/vault/openbao.ts";
import { startPostgres, type TestPostgres } from "../toolchain/vault/postgres.ts";
import { startGate } from "./gate.ts";
import { startHydra } from "./hydra.ts";
import type { OryServer } from "./ory.ts";
import { Program } from "./program.ts";
import { administrator, prepareVault, type VaultConfig } from "./vault-login.ts";

const storedSecret = z.object({ client_secret: z.string() });

const robot = {
  clientId: "robot",
  name: "Robot",
  grantTypes: ["client_credentials"],
  scopes: ["read", "write"],
  audience: ["https://api.bibind.test"],
};
const odoo = {
  clientId: "odoo",
  name: "Odoo",
  grantTypes: ["authorization_code", "refresh_token"],
  responseTypes: ["code"],
  redirectUris: ["https://odoo.bibind.test/callback"],
  postLogoutRedirectUris: ["https://odoo.bibind.test/"],
  scopes: ["openid", "email"],
  skipConsent: true,
  accessTokenStrategy: "jwt",
};
const tool = {
  clientId: "bibind-cli",
  name: "bibind",
  grantTypes: ["authorization_code"],
  responseTypes: ["code"],
  redirectUris: ["http://127.0.0.1/callback"],
  scopes: ["openid"],
  tokenEndpointAuthMethod: "none",
};

const nothing = { created: 0, updated: 0, rotated: 0, deleted: 0, unchanged: 0 };

describe("The command reconcile-clients on a real Hydra and a real Vault", function () {
  this.timeout(180_000);
  let server: TestVault;
  let postgres: TestPostgres;
  let hydra: OryServer;
  let vault: Vault;
  let program: Program;
  let login: (role: string) => VaultConfig;
  const secrets: string[] = [];

  before(async function () {
    this.timeout(1_800_000);
    [server, postgres] = await Promise.all([startVault(), startPostgres()]);
    hydra = await startHydra({ postgres });
    vault = await administrator(server);
    login = await prepareVault(server, vault);
    program = await Program.prepare(server.caCertFile);
  });

  after(async () => {
    await program.remove();
    await hydra.stop();
    await Promise.all([server.remove(), postgres.remove()]);
  });

  const config = (clients: readonly object[], adminUrl = hydra.adminUrl) => ({
    hydra: { adminUrl },
    vault: login("oauth-reconciler"),
    clients,
  });
  const reconcile = (...clients: readonly object[]) => program.run("reconcile-clients", config(clients));

  /** Runs it, and expects these deeds and no others. */
  async function expecting(deeds: Partial<typeof nothing>, ...clients: readonly object[]) {
    const outcome = await reconcile(...clients);
    assert.equal(outcome.exitCode, 0, outcome.written);
    const summary = outcome.lines.at(-1);
    const counts = Object.keys(nothing).map((deed) => [deed, summary?.[deed]]);
    assert.deepEqual(Object.fromEntries(counts), { ...nothing, ...deeds });
    return outcome;
  }

  const api = () => hydraAdmin({ adminUrl: hydra.adminUrl }, fetch);
  const held = (id: string): Promise<OAuth2Client> => api().getOAuth2Client({ id });

  async function secretOf(clientId: string): Promise<string> {
    const { client_secret: secret } = storedSecret.parse((await vault.get(`kv/data/oauth/${clientId}`))?.data);
    secrets.push(secret);
    return secret;
  }

  /** Status of a request for a token with this secret. */
  async function tokenStatus(secret: string): Promise<number> {
    const answer = await fetch(`${hydra.publicUrl}/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`robot:${secret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "read" }),
    });
    return answer.status;
  }

  it("creates what is declared, with secrets that lie in Vault", async () => {
    await expecting({ created: 3 }, robot, odoo, tool);
    const secret = await secretOf("robot");
    assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(await tokenStatus(secret), 200);
    assert.equal(await tokenStatus("another-secret"), 401);
    assert.equal(await vault.get("kv/data/oauth/bibind-cli"), undefined);
    const made = await held("odoo");
    assert.deepEqual([made.skip_consent, made.access_token_strategy, isOurs(made)], [true, "jwt", true]);
  });

  it("changes nothing in a second run", async () => {
    const before = await secretOf("robot");
    await expecting({ unchanged: 3 }, robot, odoo, tool);
    assert.equal(await secretOf("robot"), before);
  });

  it("updates what is declared otherwise, and keeps the secret", async () => {
    const outcome = await expecting({ updated: 1, unchanged: 2 }, { ...robot, scopes: ["read"] }, odoo, tool);
    assert.deepEqual(outcome.lines.find(({ msg }) => msg === "updated")?.["fields"], ["scope"]);
    assert.equal((await held("robot")).scope, "read");
    assert.equal(await tokenStatus(await secretOf("robot")), 200);
    await expecting({ updated: 1, unchanged: 2 }, robot, odoo, tool);
  });

  it("puts back what was changed by hand", async () => {
    const client = await held("odoo");
    const byHand = {
      ...client,
      redirect_uris: ["https://evil.test/"],
      post_logout_redirect_uris: [],
      authorization_code_grant_access_token_lifespan: "100h",
    };
    await api().setOAuth2Client({ id: "odoo", oAuth2Client: byHand });
    await expecting({ updated: 1, unchanged: 2 }, robot, odoo, tool);
    assert.deepEqual((await held("odoo")).redirect_uris, odoo.redirectUris);
    await expecting({ unchanged: 3 }, robot, odoo, tool);
  });

  it("rotates a secret when its generation grows, and only then", async () => {
    const former = await secretOf("robot");
    const second = { ...robot, secretGeneration: 2 };
    await expecting({ rotated: 1, unchanged: 2 }, second, odoo, tool);
    const secret = await secretOf("robot");
    assert.notEqual(secret, former);
    assert.deepEqual([await tokenStatus(secret), await tokenStatus(former)], [200, 401]);
    await expecting({ unchanged: 3 }, second, odoo, tool);
    await expecting({ unchanged: 3 }, robot, odoo, tool);
  });

  for (const [what, deed, robotNow] of [
    ["rotates", "rotated", { ...robot, secretGeneration: 3 }],
    ["creates", "created", { ...robot, clientId: "second-robot" }],
  ] as const) {
    it(`heals a run that was killed between Vault and Hydra while it ${what}`, async () => {
      const killer = new AbortController();
      const gate = await startGate(hydra.adminUrl, ({ method }) => {
        if (method === "GET") {
          return true;
        }
        killer.abort();
        return false;
      });
      const all = deed === "created" ? [{ ...robot, secretGeneration: 3 }, robotNow] : [robotNow];
      const killed = await program.run("reconcile-clients", config([...all, odoo, tool], gate.url), [], killer.signal);
      await gate.stop();
      assert.equal(killed.exitCode, undefined);
      const secret = await secretOf(robotNow.clientId);
      await expecting({ [deed]: 1, unchanged: all.length + 1 }, ...all, odoo, tool);
      assert.equal(await secretOf(robotNow.clientId), secret);
      if (deed === "rotated") {
        assert.equal(await tokenStatus(secret), 200);
      }
    });
  }

  it("gives Hydra the secret that somebody put into Vault", async () => {
    const value = "put-there-by-hand-and-long-enough";
    await vault.post("kv/data/oauth/robot", { data: { client_id: "robot", client_secret: value, generation: 3 } });
    secrets.push(value);
    await expecting({ rotated: 1, unchanged: 2, deleted: 1 }, robot, odoo, tool);
    assert.equal(await tokenStatus(value), 200);
  });

  it("deletes a client that was made by hand and reports it, and one that is no longer declared", async () => {
    await api().createOAuth2Client({ oAuth2Client: { client_id: "by-hand", client_name: "Made at night" } });
    const { lines } = await expecting({ deleted: 2, unchanged: 2 }, robot, odoo);
    const report = lines.find(({ client }) => client === "by-hand");
    assert.deepEqual([report?.level, report?.["name"]], ["warn", "Made at night"]);
    assert.match(report?.msg ?? "", /made by hand/);
    assert.equal(lines.find(({ client }) => client === "bibind-cli")?.level, "info");
    await assert.rejects(held("by-hand"));
    await assert.rejects(held("bibind-cli"));
  });

  it("sees every client, however many pages there are", async () => {
    const settings = { adminUrl: hydra.adminUrl };
    for (const id of ["a", "b", "c"]) {
      await api().createOAuth2Client({ oAuth2Client: { client_id: id, token_endpoint_auth_method: "none" } });
    }
    const clients = await new HydraClients(api(), settings, 2).all();
    assert.deepEqual([...clients.keys()].sort(), ["a", "b", "c", "odoo", "robot"]);
    await expecting({ deleted: 3, unchanged: 2 }, robot, odoo);
  });

  it("ends with what, where and remedy when Hydra or Vault refuses, and has done nothing", async () => {
    const refused = await reconcile(
      { ...robot, name: "Other" },
      { ...odoo, redirectUris: ["http://odoo.bibind.test/"] },
    );
    assert.equal(refused.exitCode, 1);
    assert.match(refused.lines.at(-1)?.msg ?? "", /begins with https/);
    assert.equal((await held("robot")).client_name, "Robot");
    await vault.post("kv/data/oauth/robot", { data: { something: "else" } });
    const strange = await reconcile(robot);
    assert.equal(strange.exitCode, 1);
    assert.match(String(strange.lines.at(-1)?.["where"]), /secret kv\/oauth\/robot/);
  });

  it("never wrote a secret, nor left one in Hydra for others to read", async () => {
    const all = JSON.stringify([...(await new HydraClients(api(), { adminUrl: hydra.adminUrl }).all()).values()]);
    assert.ok(secrets.length > 5);
    for (const secret of secrets) {
      assert.ok(!program.written.includes(secret));
      assert.ok(!all.includes(secret));
    }
  });
});
