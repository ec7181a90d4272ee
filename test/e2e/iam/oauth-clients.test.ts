import assert from "node:assert/strict";
import { z } from "zod";
import {
  engineSucceeds,
  foundationOutputs,
  iamOutputs,
  Kubectl,
  sandboxIsUp,
  type Iam,
} from "../../support/sandbox.ts";
import { hydraAdmin, inHydra } from "../../support/hydra-client.ts";
import { changedSettings } from "../../support/stack-settings.ts";
import { forgetPolicy, withPolicy } from "../../support/vault.ts";
import { Web } from "../../support/web.ts";

const client = "e2e-reports";
const audience = "https://reports.bibind.test";

const declared = {
  clientId: client,
  name: "Reports of a test",
  grantTypes: ["client_credentials"],
  scopes: ["report:read"],
  audience: [audience],
};

const credential = z.object({ data: z.object({ client_id: z.string(), client_secret: z.string() }) });
const tokenAnswer = z.object({ access_token: z.string(), scope: z.string() });
const introspection = z.object({ active: z.boolean(), client_id: z.string(), aud: z.array(z.string()) });
const list = z.object({ items: z.array(z.object({ client_id: z.string() })) });
const created = z.object({ client_id: z.string() });

describe("OAuth2 clients on the sandbox", function () {
  this.timeout(600_000);
  let web: Web;
  let iam: Iam;
  let kubectl: Kubectl;
  let secret = "";

  const held = async (): Promise<string[]> => {
    const told = await kubectl.run(...inHydra, "list", "oauth2-clients", ...hydraAdmin);
    return list.parse(JSON.parse(told)).items.map(({ client_id }) => client_id);
  };
  const up = (...args: readonly string[]): Promise<string> => engineSucceeds("up", "--yes", "--skip-preview", ...args);

  before(async () => {
    await sandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    iam = await iamOutputs();
    web = new Web((await foundationOutputs()).caCertificate);
    await up("--config-file", changedSettings([["bibind:iam", "oauthClients"], [declared]]));
  });

  after(async () => {
    await up();
    await web.close();
  });

  it("have their secret in Vault, for who may read it", async () => {
    const policy = `path "kv/data/oauth/${client}" { capabilities = ["read"] }`;
    const reader = await withPolicy(kubectl, web, iam.vaultAddress, "e2e-oauth", policy);
    try {
      const { data } = credential.parse(await reader.must(`kv/data/oauth/${client}`));
      assert.equal(data.client_id, client);
      secret = data.client_secret;
      assert((await reader.ask("kv/data/oauth/vault")).status === 403, "another client's secret can be read");
    } finally {
      await forgetPolicy(kubectl, web, iam.vaultAddress, "e2e-oauth");
    }
  });

  it("get a token, which is active and for the audience that was asked for", async () => {
    const basic = Buffer.from(`${client}:${secret}`).toString("base64");
    const token = await web.expect(tokenAnswer, `${iam.issuer}/oauth2/token`, {
      headers: { authorization: `Basic ${basic}` },
      form: { grant_type: "client_credentials", scope: "report:read", audience },
    });
    const told = await kubectl.run(...inHydra, "introspect", "token", token.access_token, ...hydraAdmin);
    const { active, client_id, aud } = introspection.parse(JSON.parse(told));
    assert.deepEqual({ active, client_id, aud }, { active: true, client_id: client, aud: [audience] });
  });

  it("get no token with a wrong secret, nor for another audience", async () => {
    const ask = async (password: string, wanted: string) => {
      const basic = Buffer.from(`${client}:${password}`).toString("base64");
      const answer = await web.ask(`${iam.issuer}/oauth2/token`, {
        headers: { authorization: `Basic ${basic}` },
        form: { grant_type: "client_credentials", scope: "report:read", audience: wanted },
      });
      return answer.status;
    };
    assert.equal(await ask("wrong", audience), 401);
    assert.equal(await ask(secret, "https://elsewhere.example"), 400);
  });

  it("are reported and removed when somebody made them by hand", async () => {
    const args = ["--name", "by hand", "--grant-type", "client_credentials"] as const;
    const told = await kubectl.run(...inHydra, "create", "oauth2-client", ...args, ...hydraAdmin);
    const { client_id } = created.parse(JSON.parse(told));
    assert((await held()).includes(client_id));
    await kubectl.run("-n", "iam", "create", "job", "e2e-clients", "--from=cronjob/oauth-clients");
    try {
      await kubectl.run("-n", "iam", "wait", "job/e2e-clients", "--for=condition=complete", "--timeout=120s");
      const log = await kubectl.run("-n", "iam", "logs", "job/e2e-clients");
      assert.match(log, new RegExp(`"client":"${client_id}".*made by hand`));
      assert(!(await held()).includes(client_id));
    } finally {
      await kubectl.run("-n", "iam", "delete", "job", "e2e-clients");
    }
  });

  it("disappear from Hydra when they are no longer declared", async () => {
    assert((await held()).includes(client));
    await up();
    assert.deepEqual(await held(), ["vault"]);
  });
});
