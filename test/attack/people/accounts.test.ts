import assert from "node:assert/strict";
import { z } from "zod";
import { registrationEntries } from "../../support/sign-up.ts";
import { application, type Application } from "../../integration/identity/application.ts";
import type { Browser, Page } from "../../integration/identity/browser.ts";
import { startPlatform, type Platform } from "../../integration/identity/platform.ts";
import { assertShows, Visitors } from "../../integration/identity/visitors.ts";

const mallory = "mallory@bibind.test";

/** Operators of the platform. They have no account yet, and each is the victim of one test. */
const [olga, otto, oscar, oleg] = ["olga@bibind.test", "otto@bibind.test", "oscar@bibind.test", "oleg@bibind.test"];

const identities = z.array(
  z.object({
    traits: z.object({ email: z.string() }),
    verifiable_addresses: z.array(z.object({ value: z.string(), verified: z.boolean() })),
  }),
);
const mails = z.array(z.object({ body: z.string() }));

/** A stranger knows the address of an operator, has a mailbox of his own, and can send any request. */
describe("A stranger who wants the role of an operator", function () {
  this.timeout(120_000);
  let platform: Platform;
  let odoo: Application;
  let visitors: Visitors;
  let running: Platform | undefined;

  before(async function () {
    this.timeout(1_800_000);
    platform = await startPlatform({ groups: { operator: [olga, otto, oscar, oleg] } });
    running = platform;
    const scope = "openid email groups";
    odoo = await application(platform, { clientId: "odoo", name: "Odoo", scope, skipConsent: true });
    visitors = new Visitors(platform, odoo);
    await visitors.registered(mallory, ["Mallory", "Stone"]);
  });

  after(async () => {
    if (running !== undefined) {
      await Promise.all([visitors, odoo].map((each) => each.close()));
      await running.stop();
    }
  });

  /** Address and roles of a person, as an application sees them. */
  async function rolesOf(email: string): Promise<unknown> {
    const signIn = await odoo.begin();
    const browser = visitors.browser("en");
    const login = await browser.open(signIn.url);
    const back = await browser.submit(login, { identifier: email, password: visitors.passwordOf(email) });
    const { claims } = await signIn.finish(back.url);
    return [claims["email"], claims["email_verified"], claims["groups"]];
  }

  /** The accounts in Kratos that have an address, verified or not. */
  async function accountsWith(email: string): Promise<z.infer<typeof identities>> {
    const answer = await fetch(`${platform.kratos.adminUrl}/admin/identities?page_size=250`);
    return identities.parse(await answer.json()).filter(({ traits }) => traits.email === email);
  }

  async function assertIsOperator(email: string): Promise<void> {
    await visitors.registered(email, ["Real", "Operator"]);
    assert.deepEqual(await rolesOf(email), [email, true, ["operator"]]);
    assert.deepEqual(await rolesOf(mallory), [mallory, true, []]);
  }

  const tokenOf = ({ root }: Page): string => root.querySelector("[name=csrf_token]")?.getAttribute("value") ?? "";

  /** Asks Kratos' form of the settings for another address, which its page does not offer. */
  async function enterAddress(browser: Browser, email: string): Promise<Page> {
    const settings = await browser.open(`${platform.publicUrl}/settings`);
    const action = settings.root.querySelector("form")?.getAttribute("action") ?? "";
    const name = { "traits.name.first": "Mallory", "traits.name.last": "Stone" };
    const entries = { "traits.email": email, ...name, "traits.language": "en" };
    return browser.send(settings, action, { method: "profile", csrf_token: tokenOf(settings), ...entries });
  }

  it("gets neither a session nor a page of the account by being the first to register the address", async () => {
    const stranger = visitors.browser("en");
    const sent = await stranger.submit(
      await stranger.open(`${platform.publicUrl}/registration`),
      registrationEntries(olga, ["Not", "Olga"]),
    );
    assert.equal(sent.url.pathname, "/recovery");
    const [account] = await accountsWith(olga);
    assert.deepEqual(account?.verifiable_addresses, [{ value: olga, verified: false }]);
    for (const path of ["/settings", "/profile", "/address"]) {
      assert.equal((await stranger.open(`${platform.publicUrl}${path}`)).url.pathname, "/login", path);
    }
    await assertIsOperator(olga);
    const late = await stranger.submit(sent, { code: await visitors.codeFor(olga) });
    assertShows(late, /This code is wrong or was already used/);
    assert.equal(await visitors.hasSession(stranger), false);
  });

  it("cannot enter the operator's address in the own account", async () => {
    await enterAddress(await visitors.signedIn(mallory), otto);
    assert.deepEqual(await accountsWith(otto), []);
    await assertIsOperator(otto);
  });

  it("gets nothing from the request for the operator's address without the code, and keeps the operator from nothing", async () => {
    const own = await visitors.signedIn(mallory);
    const sent = await own.submit(await own.open(`${platform.publicUrl}/address`), { "traits.email": oscar });
    assert.deepEqual(await rolesOf(mallory), [mallory, true, []]);
    await assertIsOperator(oscar);
    const late = await own.submit(sent, { code: "000000" });
    assertShows(late, /This code is wrong or was already used/);
    assert.deepEqual(await rolesOf(oscar), [oscar, true, ["operator"]]);
  });

  it("cannot let the operator verify the address: no mail has a link, and no page takes the code of another browser", async () => {
    const own = await visitors.signedIn(mallory);
    const sent = await own.submit(await own.open(`${platform.publicUrl}/address`), { "traits.email": oleg });
    const code = await visitors.codeFor(oleg);
    const victim = visitors.browser("en");
    assert.equal((await victim.open(sent.url)).url.pathname, "/login", "the page of the code is for its session alone");
    await assertIsOperator(oleg);
    const signedIn = await visitors.signedIn(oleg);
    assert.equal((await signedIn.open(sent.url)).url.pathname, "/address", "another session asked for no code");
    for (const kind of ["browser", "api"]) {
      const path = `/self-service/verification/${kind}`;
      assert.equal((await victim.open(`${platform.publicUrl}${path}`)).status, 404);
      const direct = await fetch(`${platform.kratos.publicUrl}${path}`, { headers: { accept: "application/json" } });
      assert.match(await direct.text(), /not allowed because it was disabled/);
    }
    const answer = await fetch(`${platform.kratos.adminUrl}/admin/courier/messages?page_size=250`);
    const bodies = mails.parse(await answer.json()).map(({ body }) => body);
    assert.ok(bodies.some((body) => body.includes(code)));
    assert.deepEqual(
      bodies.filter((body) => /https?:|href/i.test(body)),
      [],
    );
  });
});
