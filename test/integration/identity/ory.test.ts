import assert from "node:assert/strict";
import { z } from "zod";
import { startPostgres, type TestPostgres } from "../toolchain/vault/postgres.ts";
import { eventually } from "../../support/eventually.ts";
import { startHydra } from "./hydra.ts";
import { startKratos } from "./kratos.ts";
import { type MailServer, mailTo, startMail } from "./mail.ts";
import type { OryServer } from "./ory.ts";

const discovery = z.object({ issuer: z.string(), token_endpoint: z.string() });
const token = z.object({ access_token: z.string(), token_type: z.literal("bearer") });
const flow = z.object({ ui: z.object({ action: z.string() }) });
const session = z.object({ session_token: z.string() });
const whoAmI = z.object({ active: z.literal(true), identity: z.object({ traits: z.object({ email: z.string() }) }) });

async function post(url: string, body: object): Promise<unknown> {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${url}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

describe("Hydra and Kratos, built from source", function () {
  this.timeout(180_000);
  let postgres: TestPostgres;
  let hydra: OryServer;
  let kratos: OryServer;
  let mail: MailServer;

  before("start with one PostgreSQL server", async function () {
    // The first build takes some minutes.
    this.timeout(1_800_000);
    postgres = await startPostgres();
    hydra = await startHydra({ postgres });
    mail = await startMail();
    kratos = await startKratos({ postgres, hydraAdminUrl: hydra.adminUrl, smtpUri: mail.smtpUri });
  });

  after(async () => {
    await kratos.stop();
    await mail.stop();
    await hydra.stop();
    await postgres.remove();
  });

  it("give a registered client an access token", async () => {
    const { issuer, token_endpoint: endpoint } = discovery.parse(
      await (await fetch(`${hydra.publicUrl}/.well-known/openid-configuration`)).json(),
    );
    assert.equal(issuer, hydra.publicUrl);
    const client = { client_id: "reader", client_secret: "never-log-this-reader", grant_types: ["client_credentials"] };
    await post(`${hydra.adminUrl}/admin/clients`, client);
    const authorization = `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64")}`;
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { authorization },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    assert.match(token.parse(await answer.json()).access_token, /^ory_at_/);
  });

  it("create a session for a person who registers", async () => {
    const started = await fetch(`${kratos.publicUrl}/self-service/registration/api`);
    const { ui } = flow.parse(await started.json());
    const traits = { email: "ada@bibind.test" };
    const registered = await post(ui.action, { method: "password", password: "never-log-this-ada", traits });
    const headers = { "x-session-token": session.parse(registered).session_token };
    const { identity } = whoAmI.parse(await (await fetch(`${kratos.publicUrl}/sessions/whoami`, { headers })).json());
    assert.equal(identity.traits.email, traits.email);
  });

  it("send a recovery code by mail, which the mail catcher receives", async () => {
    const started = await fetch(`${kratos.publicUrl}/self-service/recovery/api`);
    const { ui } = flow.parse(await started.json());
    await post(ui.action, { method: "code", email: "ada@bibind.test" });
    const code = await eventually("a recovery code arrives", 60, async () => {
      const texts = (await mailTo(mail.url, "ada@bibind.test")).map(({ text }) => text);
      const [found] = texts.flatMap((text) => /recover[^]*?\b(\d{6})\b/i.exec(text)?.[1] ?? []);
      assert.ok(found !== undefined, texts.join("\n"));
      return found;
    });
    assert.match(code, /^\d{6}$/);
  });
});
