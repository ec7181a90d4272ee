import assert from "node:assert/strict";
import type { OAuth2Client } from "@ory/hydra-client-fetch";
import { eventually } from "../../support/eventually.ts";
import { ClientsPlatform } from "./clients-platform.ts";
import { startFilteringProxy } from "./filtering-proxy.ts";
import { odoo, odooName, robot, robotName } from "./oauth-clients.ts";

describe("The command serve-clients after a failure", function () {
  this.timeout(180_000);
  let platform: ClientsPlatform;
  let started: ClientsPlatform | undefined;

  before(async function () {
    this.timeout(3_600_000);
    platform = await ClientsPlatform.start(["automate", "bibind", "iam"]);
    started = platform;
    await platform.declared.create(robotName, robot);
    await platform.declared.create(odooName, odoo);
  });

  after(() => started?.stop());

  const inHydra = (id: string): Promise<OAuth2Client> => platform.hydraApi.getOAuth2Client({ id });
  const secondName = { namespace: "automate", name: "second" };
  const storedRobot = "kv/data/oauth/automate/robot";

  it("reports in the condition that Hydra does not answer, and reconciles when Hydra answers again", async () => {
    const proxy = await startFilteringProxy(platform.hydra.adminUrl, () => true);
    await platform.startController({ hydraUrl: proxy.url });
    await proxy.stop();
    await platform.declared.change(robotName, { name: "Robot 2" });
    assert.match((await platform.declared.reconciled(robotName, "Failed")).message, /does not answer/);
    const again = await startFilteringProxy(platform.hydra.adminUrl, () => true, proxy.port);
    await platform.declared.reconciled(robotName, "Reconciled");
    assert.equal((await inHydra("robot")).client_name, "Robot 2");
    assert.equal(await platform.endController("SIGTERM"), 0);
    await again.stop();
  });

  it("reports that Vault does not answer, and logs in again when Vault no longer accepts its token", async () => {
    await platform.startController();
    await platform.server.stop();
    await platform.declared.change(robotName, { secretGeneration: 2 });
    assert.match((await platform.declared.reconciled(robotName, "Failed")).message, /does not answer/);
    await platform.server.start();
    await platform.declared.reconciled(robotName, "Reconciled");
    await platform.vault.post("sys/leases/revoke-prefix/auth/workloads", {});
    await platform.declared.change(robotName, { secretGeneration: 3 });
    await platform.declared.reconciled(robotName, "Reconciled");
    assert.equal(await platform.tokenStatus("robot", await platform.secretOf("automate", "robot")), 200);
  });

  for (const [what, name, spec] of [
    ["rotates", robotName, { ...robot, secretGeneration: 4 }],
    ["creates", secondName, { ...robot, clientId: "second-robot" }],
  ] as const) {
    it(`resumes after a kill between Vault and Hydra while it ${what} a client`, async () => {
      const write = Promise.withResolvers<undefined>();
      const proxy = await startFilteringProxy(platform.hydra.adminUrl, ({ method }) => {
        if (method !== "GET") {
          write.resolve(undefined);
        }
        return method === "GET";
      });
      await platform.startController({ hydraUrl: proxy.url });
      await (what === "creates" ? platform.declared.create(name, spec) : platform.declared.change(name, spec));
      await write.promise;
      assert.equal(await platform.endController("SIGKILL"), undefined);
      await proxy.stop();
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

    it("writes to Hydra the secret that somebody changed in Vault", async () => {
      const value = "written-by-hand-and-long-enough";
      platform.secrets.push(value);
      await platform.vault.post(storedRobot, { data: { client_id: "robot", client_secret: value, generation: 4 } });
      await eventually("Hydra has the secret", 30, async () =>
        assert.equal(await platform.tokenStatus("robot", value), 200),
      );
    });

    it("deletes a client that was created by hand and one without an OAuthClient, and logs both", async () => {
      const oAuth2Client = { client_id: "by-hand", client_name: "Made at night" };
      await platform.hydraApi.createOAuth2Client({ oAuth2Client });
      await platform.endController("SIGTERM");
      await platform.declared.delete(secondName);
      await platform.declared.removeFinalizers(secondName);
      await platform.declared.deleted(secondName);
      const controller = await platform.startController({ resyncSeconds: 2 });
      await eventually("both are deleted", 30, async () => {
        await platform.assertAbsent("by-hand");
        await platform.assertAbsent("second-robot");
      });
      assert.equal(await platform.vault.get("kv/metadata/oauth/automate/second-robot"), undefined);
      const [byHand, undeclared] = ["by-hand", "second-robot"].map((id) =>
        controller.lines().find(({ client }) => client === id),
      );
      assert.deepEqual([byHand?.level, byHand?.["name"]], ["warn", "Made at night"]);
      assert.match(byHand?.msg ?? "", /made by hand/);
      assert.equal(undeclared?.level, "info");
    });

    it("names the path at which Vault stores something other than a secret", async () => {
      await platform.vault.post(storedRobot, { data: { something: "else" } });
      const { message } = await platform.declared.reconciled(robotName, "Failed");
      assert.match(message, /Vault stores something other than the secret of the client robot/);
      const line = platform.controller
        ?.lines()
        .find(({ where }) => /secret kv\/oauth\/automate\/robot/.test(String(where)));
      assert.equal(line?.level, "warn");
    });

    it("never logs a secret, whatever fails", async () => {
      await platform.endController("SIGTERM");
      assert.ok(platform.secrets.length > 3);
      for (const secret of platform.secrets) {
        assert.ok(!platform.program.written.includes(secret));
      }
    });
  });
});
