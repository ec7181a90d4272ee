import assert from "node:assert/strict";
import type { OAuth2Client } from "@ory/hydra-client-fetch";
import { HydraClients } from "../../../services/identity/clients/hydra-clients.ts";
import { ownerOf } from "../../../services/identity/clients/desired.ts";
import { eventually } from "../../support/eventually.ts";
import { ClientsPlatform } from "./clients-platform.ts";
import { startGate } from "./gate.ts";
import type { LogLine } from "./program.ts";

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
const cli = {
  clientId: "bibind-cli",
  name: "bibind",
  grantTypes: ["authorization_code"],
  responseTypes: ["code"],
  redirectUris: ["http://127.0.0.1/callback"],
  scopes: ["openid"],
  tokenEndpointAuthMethod: "none",
};
const robotName = { namespace: "automate", name: "robot" };
const odooName = { namespace: "bibind", name: "sign-in" };
const cliName = { namespace: "iam", name: "cli" };

/** Log messages of a change in Hydra. */
const changes = ["created", "updated", "rotated", "deleted"];

describe("The command serve-clients on a real Kubernetes API server, Hydra and Vault", function () {
  this.timeout(180_000);
  let platform: ClientsPlatform;

  before(async function () {
    this.timeout(3_600_000);
    platform = await ClientsPlatform.start(["automate", "bibind", "iam"]);
  });

  after(() => platform.stop());

  const inHydra = (id: string): Promise<OAuth2Client> => platform.hydraApi.getOAuth2Client({ id });
  const changesIn = (lines: readonly LogLine[]) => lines.filter(({ msg }) => changes.includes(msg ?? ""));
  const secretOfRobot = () => platform.secretOf("automate", "robot");
  const robotTokenStatus = (secret: string) => platform.tokenStatus("robot", secret);
  const storedRobot = "kv/data/oauth/automate/robot";

  it("creates the clients that are declared, with their secrets in Vault", async () => {
    await platform.declared.create(robotName, robot);
    await platform.startController();
    await platform.declared.create(odooName, odoo);
    await platform.declared.create(cliName, cli);
    for (const name of [robotName, odooName, cliName]) {
      assert.equal((await platform.declared.reconciled(name, "Reconciled")).status, "True");
    }
    const secret = await secretOfRobot();
    assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(await robotTokenStatus(secret), 200);
    assert.equal(await robotTokenStatus("another-secret"), 401);
    assert.equal(await platform.vault.get("kv/data/oauth/iam/bibind-cli"), undefined);
    const client = await inHydra("odoo");
    assert.deepEqual([client.skip_consent, client.access_token_strategy], [true, "jwt"]);
    assert.deepEqual(ownerOf(client), odooName);
  });

  it("changes nothing after a restart", async () => {
    const secret = await secretOfRobot();
    const before = await platform.declared.find(robotName);
    const controller = await platform.startController();
    assert.deepEqual(changesIn(controller.lines()), []);
    assert.deepEqual(await platform.declared.find(robotName), before);
    assert.equal(await secretOfRobot(), secret);
  });

  it("updates a client whose spec changes, and keeps its secret", async () => {
    await platform.declared.change(robotName, { scopes: ["read"] });
    await platform.declared.reconciled(robotName, "Reconciled");
    const updates = changesIn(platform.controller?.lines() ?? []);
    assert.deepEqual(
      updates.map(({ msg, client, fields }) => [msg, client, fields]),
      [["updated", "robot", ["scope"]]],
    );
    assert.equal((await inHydra("robot")).scope, "read");
    assert.equal(await robotTokenStatus(await secretOfRobot()), 200);
  });

  it("rotates a secret when its generation grows, and only then", async () => {
    const previous = await secretOfRobot();
    await platform.declared.change(robotName, { secretGeneration: 2 });
    await platform.declared.reconciled(robotName, "Reconciled");
    const secret = await secretOfRobot();
    assert.notEqual(secret, previous);
    assert.deepEqual([await robotTokenStatus(secret), await robotTokenStatus(previous)], [200, 401]);
    await platform.declared.change(robotName, { secretGeneration: 1 });
    await platform.declared.reconciled(robotName, "Reconciled");
    assert.equal(await secretOfRobot(), secret);
  });

  it("leaves a client to its owner when another OAuthClient declares it too, until the owner is deleted", async () => {
    const other = { namespace: "iam", name: "other-robot" };
    await platform.declared.create(other, { ...robot, name: "Other" });
    const { status, message } = await platform.declared.reconciled(other, "Conflict");
    assert.equal(status, "False");
    assert.match(message, /automate\/robot owns the client robot/);
    assert.equal((await inHydra("robot")).client_name, "Robot");
    assert.equal(await platform.vault.get("kv/data/oauth/iam/robot"), undefined);
    await platform.declared.delete(robotName);
    await platform.declared.gone(robotName);
    await platform.declared.reconciled(other, "Reconciled");
    assert.deepEqual(ownerOf(await inHydra("robot")), other);
    assert.equal(await robotTokenStatus(await platform.secretOf("iam", "robot")), 200);
    await platform.declared.delete(other);
    await platform.declared.gone(other);
  });

  it("deletes a client without a trace in Hydra and Vault", async () => {
    await platform.declared.create(robotName, robot);
    await platform.declared.reconciled(robotName, "Reconciled");
    await platform.declared.change(robotName, { secretGeneration: 5 });
    await platform.declared.reconciled(robotName, "Reconciled");
    await platform.declared.delete(robotName);
    await platform.declared.gone(robotName);
    await assert.rejects(inHydra("robot"));
    for (const namespace of ["automate", "iam"]) {
      assert.equal(await platform.vault.get(`kv/metadata/oauth/${namespace}/robot`), undefined);
    }
    await platform.declared.create(robotName, robot);
    await platform.declared.reconciled(robotName, "Reconciled");
  });

  it("says in the condition which field is wrong, and keeps the client as it was", async () => {
    await platform.declared.change(odooName, { redirectUris: ["http://odoo.bibind.test/"] });
    const { status, message } = await platform.declared.reconciled(odooName, "Invalid");
    assert.equal(status, "False");
    assert.match(message, /redirectUris\[0\]: a redirect URI begins with https/);
    assert.deepEqual((await inHydra("odoo")).redirect_uris, odoo.redirectUris);
    await platform.declared.change(odooName, { redirectUris: odoo.redirectUris });
    await platform.declared.reconciled(odooName, "Reconciled");
  });

  for (const [what, change] of [
    ["an unknown grant type", { grantTypes: ["password"] }],
    ["another clientId", { clientId: "second-robot" }],
    ["no scope", { scopes: [] }],
  ] as const) {
    it(`needs no controller to refuse ${what}: the API server does`, async () => {
      const { status, body } = await platform.declared.patch(robotName, change);
      assert.equal(status, 422, JSON.stringify(body));
    });
  }

  it("reports a Hydra that is away in the condition, and reconciles when Hydra is back", async () => {
    const gate = await startGate(platform.hydra.adminUrl, () => true);
    const controller = await platform.startController({ hydraUrl: gate.url });
    await gate.stop();
    await platform.declared.change(robotName, { name: "Robot 2" });
    assert.match((await platform.declared.reconciled(robotName, "Failed")).message, /does not answer/);
    const again = await startGate(platform.hydra.adminUrl, () => true, gate.port);
    await platform.declared.reconciled(robotName, "Reconciled");
    assert.equal((await inHydra("robot")).client_name, "Robot 2");
    assert.equal(controller, platform.controller);
    assert.equal(await platform.endController("SIGTERM"), 0);
    await again.stop();
  });

  it("reports a Vault that is away, and logs in again when Vault does not accept its token any more", async () => {
    await platform.startController();
    await platform.server.stop();
    await platform.declared.change(robotName, { secretGeneration: 6 });
    assert.match((await platform.declared.reconciled(robotName, "Failed")).message, /does not answer/);
    await platform.server.start();
    await platform.declared.reconciled(robotName, "Reconciled");
    await platform.vault.post("sys/leases/revoke-prefix/auth/workloads", {});
    await platform.declared.change(robotName, { secretGeneration: 7 });
    await platform.declared.reconciled(robotName, "Reconciled");
    assert.equal(await robotTokenStatus(await secretOfRobot()), 200);
  });

  it("configures the sign-in to Vault with its client, and reports in the condition that Vault refuses", async () => {
    const name = { namespace: "iam", name: "vault" };
    await platform.declared.create(name, { ...odoo, clientId: "vault", name: "Vault" });
    assert.match((await platform.declared.reconciled(name, "Failed")).message, /Vault refused POST auth\/oidc\/config/);
    await platform.vault.post("sys/auth/oidc", { type: "oidc" });
    await platform.declared.reconciled(name, "Reconciled");
    const configured = await platform.vault.get("auth/oidc/config");
    assert.deepEqual(
      [configured?.["oidc_client_id"], configured?.["oidc_discovery_url"], configured?.["default_role"]],
      ["vault", platform.hydra.publicUrl, "person"],
    );
    await platform.declared.delete(name);
    await platform.declared.gone(name);
  });

  for (const [what, name, spec] of [
    ["rotates", robotName, { ...robot, secretGeneration: 8 }],
    ["creates", { namespace: "automate", name: "second-robot" }, { ...robot, clientId: "second-robot" }],
  ] as const) {
    it(`resumes after a kill between Vault and Hydra while it ${what} a client`, async () => {
      let reached: (() => void) | undefined;
      const write = new Promise<void>((resolve) => {
        reached = resolve;
      });
      const gate = await startGate(platform.hydra.adminUrl, ({ method }) => {
        if (method !== "GET") {
          reached?.();
        }
        return method === "GET";
      });
      await platform.startController({ hydraUrl: gate.url });
      await (what === "creates" ? platform.declared.create(name, spec) : platform.declared.change(name, spec));
      await write;
      assert.equal(await platform.endController("SIGKILL"), undefined);
      await gate.stop();
      const secret = await platform.secretOf(name.namespace, spec.clientId);
      await platform.startController();
      await platform.declared.reconciled(name, "Reconciled");
      assert.equal(await platform.secretOf(name.namespace, spec.clientId), secret);
      assert.equal(await platform.tokenStatus(spec.clientId, secret), 200);
    });
  }

  describe("at each resync", () => {
    before(() => platform.startController({ resyncSeconds: 2 }));

    it("restores a client that was changed by hand", async () => {
      const client = await inHydra("odoo");
      const byHand = {
        ...client,
        redirect_uris: ["https://evil.test/"],
        post_logout_redirect_uris: [],
        authorization_code_grant_access_token_lifespan: "100h",
      };
      await platform.hydraApi.setOAuth2Client({ id: "odoo", oAuth2Client: byHand });
      await eventually("the client is restored", 30, async () => {
        const restored = await inHydra("odoo");
        assert.deepEqual(restored.redirect_uris, odoo.redirectUris);
        assert.equal(restored.authorization_code_grant_access_token_lifespan, undefined);
      });
    });

    it("gives Hydra the secret that somebody wrote to Vault", async () => {
      const value = "written-by-hand-and-long-enough";
      platform.secrets.push(value);
      await platform.vault.post(storedRobot, { data: { client_id: "robot", client_secret: value, generation: 8 } });
      await eventually("Hydra has the secret", 30, async () => assert.equal(await robotTokenStatus(value), 200));
    });

    it("deletes a client that was made by hand and one whose OAuthClient is gone, and reports them", async () => {
      const oAuth2Client = { client_id: "by-hand", client_name: "Made at night" };
      await platform.hydraApi.createOAuth2Client({ oAuth2Client });
      await platform.endController("SIGTERM");
      await platform.declared.delete(cliName);
      await platform.declared.removeFinalizers(cliName);
      await platform.declared.gone(cliName);
      const controller = await platform.startController({ resyncSeconds: 2 });
      await eventually("both are deleted", 30, async () => {
        await assert.rejects(inHydra("by-hand"));
        await assert.rejects(inHydra("bibind-cli"));
      });
      const [byHand, undeclared] = ["by-hand", "bibind-cli"].map((id) =>
        controller.lines().find(({ client }) => client === id),
      );
      assert.deepEqual([byHand?.level, byHand?.["name"]], ["warn", "Made at night"]);
      assert.match(byHand?.msg ?? "", /made by hand/);
      assert.equal(undeclared?.level, "info");
    });

    it("says where Vault stores something else than a secret", async () => {
      await platform.vault.post(storedRobot, { data: { something: "else" } });
      const { message } = await platform.declared.reconciled(robotName, "Failed");
      assert.match(message, /Vault stores something else than the secret of the client robot/);
      const line = platform.controller
        ?.lines()
        .find(({ where }) => /secret kv\/oauth\/automate\/robot/.test(String(where)));
      assert.equal(line?.level, "warn");
    });
  });

  it("sees every client in Hydra, however many pages there are", async () => {
    await platform.endController("SIGTERM");
    const settings = { adminUrl: platform.hydra.adminUrl };
    for (const id of ["a", "b", "c"]) {
      const oAuth2Client = { client_id: id, token_endpoint_auth_method: "none" };
      await platform.hydraApi.createOAuth2Client({ oAuth2Client });
    }
    const clients = await new HydraClients(platform.hydraApi, settings, 2).all();
    assert.deepEqual([...clients.keys()].sort(), ["a", "b", "c", "odoo", "robot", "second-robot"]);
  });

  it("never logs a secret, nor leaves one in Hydra or Kubernetes for others to read", async () => {
    const clients = await new HydraClients(platform.hydraApi, { adminUrl: platform.hydra.adminUrl }).all();
    const resources = await Promise.all([robotName, odooName].map((name) => platform.declared.find(name)));
    const readable = JSON.stringify([...clients.values(), ...resources]) + platform.program.written;
    assert.ok(platform.secrets.length > 5);
    for (const secret of platform.secrets) {
      assert.ok(!readable.includes(secret));
    }
  });
});
