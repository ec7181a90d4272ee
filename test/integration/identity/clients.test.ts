import assert from "node:assert/strict";
import type { OAuth2Client } from "@ory/hydra-client-fetch";
import { HydraClients } from "../../../services/identity/clients/hydra-clients.ts";
import { homeOf, ownerOf } from "../../../services/identity/clients/desired.ts";
import { ClientsPlatform } from "./clients-platform.ts";
import { cli, cliName, odoo, odooName, robot, robotName } from "./oauth-clients.ts";
import type { LogLine } from "./program.ts";

/** Log messages of a change in Hydra. */
const changes = ["created", "updated", "rotated", "deleted"];

describe("The command serve-clients on a real Kubernetes API server, Hydra and Vault", function () {
  this.timeout(180_000);
  let platform: ClientsPlatform;
  let started: ClientsPlatform | undefined;

  before(async function () {
    this.timeout(3_600_000);
    platform = await ClientsPlatform.start(["automate", "bibind", "iam"]);
    started = platform;
  });

  after(() => started?.stop());

  const inHydra = (id: string): Promise<OAuth2Client> => platform.hydraApi.getOAuth2Client({ id });
  const changesIn = (lines: readonly LogLine[]) => lines.filter(({ msg }) => changes.includes(msg ?? ""));
  const secretOfRobot = () => platform.secretOf("automate", "robot");
  const robotTokenStatus = (secret: string) => platform.tokenStatus("robot", secret);

  it("creates the declared clients in Hydra, and their secrets in Vault", async () => {
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

  it("gives Hydra the page of an application for people, changes it and takes it away", async () => {
    const secret = await secretOfRobot();
    const uri = "https://robot.bibind.test/";
    const home = { uri, healthUri: `${uri}health`, purpose: { en: "Robots", fr: "Robots" }, roles: ["operator"] };
    const shown = async (change: object): Promise<unknown> => {
      await platform.declared.change(robotName, change);
      await platform.declared.reconciled(robotName, "Reconciled");
      return homeOf(await inHydra("robot"));
    };
    assert.deepEqual(await shown({ home }), { ...home, name: "Robot" });
    assert.equal((await inHydra("robot")).client_uri, uri);
    assert.deepEqual(await shown({ home: { roles: [] } }), { ...home, name: "Robot", roles: [] });
    assert.equal(await shown({ home: null }), undefined);
    assert.equal((await inHydra("robot")).client_uri ?? "", "");
    assert.equal(await secretOfRobot(), secret);
  });

  it("rotates a secret only when its generation increases", async () => {
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

  it("refuses a second OAuthClient for the same client until the first is deleted", async () => {
    const other = { namespace: "iam", name: "other-robot" };
    await platform.declared.create(other, { ...robot, name: "Other" });
    const { status, message } = await platform.declared.reconciled(other, "Conflict");
    assert.equal(status, "False");
    assert.match(message, /automate\/robot owns the client robot/);
    assert.equal((await inHydra("robot")).client_name, "Robot");
    assert.equal(await platform.vault.get("kv/data/oauth/iam/robot"), undefined);
    await platform.declared.delete(robotName);
    await platform.declared.deleted(robotName);
    await platform.declared.reconciled(other, "Reconciled");
    assert.deepEqual(ownerOf(await inHydra("robot")), other);
    assert.equal(await robotTokenStatus(await platform.secretOf("iam", "robot")), 200);
    await platform.declared.delete(other);
    await platform.declared.deleted(other);
  });

  it("deletes a client from Hydra, and all versions of its secret from Vault", async () => {
    await platform.declared.create(robotName, robot);
    await platform.declared.reconciled(robotName, "Reconciled");
    await platform.declared.change(robotName, { secretGeneration: 5 });
    await platform.declared.reconciled(robotName, "Reconciled");
    await platform.declared.delete(robotName);
    await platform.declared.deleted(robotName);
    await platform.assertAbsent("robot");
    for (const namespace of ["automate", "iam"]) {
      assert.equal(await platform.vault.get(`kv/metadata/oauth/${namespace}/robot`), undefined);
    }
    await platform.declared.create(robotName, robot);
    await platform.declared.reconciled(robotName, "Reconciled");
  });

  it("names the wrong field in the condition, and does not change the client", async () => {
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
    it(`relies on the API server to refuse ${what}`, async () => {
      const { status, body } = await platform.declared.patch(robotName, change);
      assert.equal(status, 422, JSON.stringify(body));
    });
  }

  it("configures the sign-in to Vault with its client, and reports in the condition when Vault refuses", async () => {
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
    await platform.declared.deleted(name);
  });

  it("ends with exit code 0 after SIGTERM", async () => {
    const { controller } = platform;
    assert.equal(await platform.endController("SIGTERM"), 0);
    assert.equal(controller?.lines().at(-1)?.msg, "stopped");
    assert.ok(!controller.lines().some(({ msg }) => msg?.includes("watch")));
  });

  it("lists the clients in Hydra over several pages", async () => {
    const settings = { adminUrl: platform.hydra.adminUrl };
    for (const id of ["a", "b", "c"]) {
      const oAuth2Client = { client_id: id, token_endpoint_auth_method: "none" };
      await platform.hydraApi.createOAuth2Client({ oAuth2Client });
    }
    const clients = await new HydraClients(platform.hydraApi, settings, 2).all();
    assert.deepEqual([...clients.keys()].sort(), ["a", "b", "bibind-cli", "c", "odoo", "robot"]);
  });

  it("writes no secret to its log, to Hydra's metadata or to Kubernetes", async () => {
    const clients = await new HydraClients(platform.hydraApi, { adminUrl: platform.hydra.adminUrl }).all();
    const resources = await Promise.all([robotName, odooName].map((name) => platform.declared.find(name)));
    const readable = JSON.stringify([...clients.values(), ...resources]) + platform.program.written;
    assert.ok(platform.secrets.length > 5);
    for (const secret of platform.secrets) {
      assert.ok(!readable.includes(secret));
    }
  });
});
