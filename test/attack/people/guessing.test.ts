import assert from "node:assert/strict";
import { z } from "zod";
import type { Browser, Connection, Page } from "../../integration/identity/browser.ts";
import { startPlatform, type Platform } from "../../integration/identity/platform.ts";
import { linesOf } from "../../integration/identity/program.ts";
import { assertShows, Visitors } from "../../integration/identity/visitors.ts";
import { AuthenticatorApp } from "../../support/second-factor.ts";
import { registrationEntries } from "../../support/sign-up.ts";

/** People, each the victim of one test. */
const [ada, bob, carol, dora, eve] = [
  "ada@bibind.test",
  "bob@bibind.test",
  "carol@bibind.test",
  "dora@bibind.test",
  "eve@bibind.test",
];
const [flora, gina, ida, judy] = ["flora@bibind.test", "gina@bibind.test", "ida@bibind.test", "judy@bibind.test"];

const mails = z.array(z.object({ recipient: z.string() }));
const identities = z.array(z.object({ id: z.string() }));

const actionOf = ({ root }: Page): string => root.querySelector("form")?.getAttribute("action") ?? "";
const tokenOf = ({ root }: Page): string => root.querySelector("[name=csrf_token]")?.getAttribute("value") ?? "";

/** Somebody outside who sends any request, from addresses that are those of no victim. */
describe("Somebody who guesses passwords and codes", function () {
  this.timeout(240_000);
  let platform: Platform;
  let visitors: Visitors;
  let running: Platform | undefined;

  before(async function () {
    this.timeout(1_800_000);
    platform = await startPlatform({ groups: {} });
    running = platform;
    visitors = new Visitors(platform, { callback: "https://odoo.bibind.test/callback" });
  });

  after(async () => {
    if (running !== undefined) {
      await visitors.close();
      await running.stop();
    }
  });

  const client = (connection: Connection): Browser => visitors.browser("en", undefined, connection);

  /** Tries one password in a new flow. */
  async function tryPassword(by: Browser, email: string, password: string): Promise<Page> {
    const login = await by.open(`${platform.publicUrl}/login`);
    return by.submit(login, { identifier: email, password });
  }

  const signOut = async (by: Browser): Promise<Page> =>
    by.submit(await by.open(`${platform.publicUrl}/logout`), {}, "yes");

  /** Tries wrong passwords, each in a new flow. @returns how many were compared */
  async function guesses(count: number, email: string, connection: (index: number) => Connection): Promise<number> {
    let made = 0;
    for (let index = 0; index < count; index += 1) {
      const page = await tryPassword(client(connection(index)), email, `wrong-password-${index}`);
      made += page.status === 429 ? 0 : 1;
    }
    return made;
  }

  it("gets no more tries of a password by new flows and new browsers", async () => {
    await visitors.registered(ada, ["Ada", "Lovelace"]);
    assert.equal(await guesses(15, ada, () => ({ localAddress: "127.0.0.2" })), 10);
  });

  it("learns from the limit neither who has an account nor how the address is written", async () => {
    const tried = async (email: string, localAddress: string): Promise<string> => {
      assert.equal(await guesses(12, email, () => ({ localAddress })), 10);
      const { text, status, headers } = await tryPassword(client({ localAddress }), email.toUpperCase(), "x");
      assert.equal(status, 429);
      assert.ok(Number(headers.get("retry-after")) > 500);
      return text.replace(/[0-9a-f-]{36}/, "REFERENCE");
    };
    assert.equal(await tried("nobody@bibind.test", "127.0.0.3"), await tried(ada, "127.0.0.4"));
  });

  it("gets no more tries by sending them at the same time", async () => {
    await visitors.registered(bob, ["Bob", "Builder"]);
    const localAddress = "127.0.0.5";
    const pages = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => tryPassword(client({ localAddress }), bob, `wrong-${index}`)),
    );
    assert.equal(pages.filter(({ status }) => status !== 429).length, 10);
  });

  it("gets no more tries by claiming another address in a header", async () => {
    const claimed = (index: number): Connection => ({ localAddress: "127.0.0.6", forwardedFor: `192.0.2.${index}` });
    assert.equal(await guesses(15, bob, claimed), 10);
  });

  it("gets no more tries by many accounts", async () => {
    const made: number[] = [];
    for (let person = 0; person < 65; person += 1) {
      const by = client({ localAddress: "127.0.0.7" });
      const { status } = await tryPassword(by, `person-${person}@bibind.test`, "Spring-2026!");
      made.push(...(status === 429 ? [] : [person]));
    }
    assert.equal(made.length, 60);
  });

  it("does not keep the victim out of a browser in which the victim signed in before, even from many clients", async () => {
    const own = await visitors.registered(carol, ["Carol", "Shaw"]);
    await signOut(own);
    const made = await guesses(115, carol, (index) => ({ localAddress: `127.0.1.${1 + Math.floor(index / 10)}` }));
    assert.equal(made, 100);
    const stranger = await tryPassword(client({ localAddress: "127.0.1.200" }), carol, visitors.passwordOf(carol));
    assert.equal(stranger.status, 429, "not even the right password");
    assert.equal((await tryPassword(own, carol, visitors.passwordOf(carol))).url.pathname, "/");
  });

  it("does not keep the victim out of another browser: one client is not enough, and a code from a mail helps too", async () => {
    await visitors.registered(dora, ["Dora", "Marsden"]);
    await guesses(15, dora, () => ({ localAddress: "127.0.0.8" }));
    assert.ok(await visitors.hasSession(await visitors.signedIn(dora)));
    const shared = client({ localAddress: "127.0.0.8" });
    const limited = await tryPassword(shared, dora, visitors.passwordOf(dora));
    assert.equal(limited.status, 429);
    const sent = await shared.submit(await shared.click(limited, "/recovery"), { email: dora });
    const settings = await shared.submit(sent, { code: await visitors.codeFor(dora) });
    assertShows(settings, /Please choose a new password now/);
    await signOut(shared);
    assert.equal((await tryPassword(shared, dora, visitors.passwordOf(dora))).url.pathname, "/");
  });

  /** Enters the password of a person, and not the second factor. @returns the page for it */
  async function enterPassword(by: Browser, email: string): Promise<Page> {
    await tryPassword(by, email, visitors.passwordOf(email));
    const page = await by.open(`${platform.publicUrl}/login?aal=aal2`);
    assertShows(page, /Second step/);
    return page;
  }

  async function afterPassword(email: string, localAddress: string): Promise<{ by: Browser; page: Page }> {
    const by = client({ localAddress });
    return { by, page: await enterPassword(by, email) };
  }

  /** A person with an authenticator app. */
  async function withApp(email: string): Promise<{ own: Browser; app: AuthenticatorApp }> {
    const own = await visitors.registered(email, ["Some", "Body"]);
    const { app, next } = await AuthenticatorApp.setUp(own, await own.open(`${platform.publicUrl}/settings`));
    assertShows(next, /Your changes are saved/);
    return { own, app };
  }

  it("with the password gets no more tries of a second factor by new sessions, and the victim still has some", async () => {
    const { own } = await withApp(eve);
    let made = 0;
    for (let index = 0; index < 15; index += 1) {
      const { by, page } = await afterPassword(eve, `127.0.2.${1 + index}`);
      for (const each of ["000000", "111111"]) {
        made += (await by.submit(page, { totp_code: each }, "totp")).status === 429 ? 0 : 1;
      }
    }
    assert.equal(made, 20);
    await signOut(own);
    const tried = await own.submit(await enterPassword(own, eve), { totp_code: "000000" }, "totp");
    assertShows(tried, /code is wrong/);
  });

  it("cannot use a code of an authenticator app again", async () => {
    const { app } = await withApp(flora);
    const code = app.nextCode();
    const first = await afterPassword(flora, "127.0.0.9");
    assert.equal((await first.by.submit(first.page, { totp_code: code }, "totp")).url.pathname, "/");
    for (const written of [code, ` ${code} `]) {
      const thief = await afterPassword(flora, "127.0.0.10");
      const again = await thief.by.submit(thief.page, { totp_code: written }, "totp");
      assertShows(again, /This code is wrong or was already used/);
      assert.equal((await thief.by.open(`${platform.publicUrl}/settings`)).url.pathname, "/login");
    }
  });

  it("gets no tries of a second factor by hiding whose session it is", async () => {
    await withApp(gina);
    const { by, page } = await afterPassword(gina, "127.0.0.11");
    await by.forget(platform.publicUrl, "__Host-bibind-browser");
    const asked = await by.send(page, actionOf(page), {
      method: "totp",
      csrf_token: tokenOf(page),
      totp_code: "000000",
    });
    assertShows(asked, /Confirm that it is you/);
  });

  it("sends five mails to somebody in an hour, by recoveries and registrations, and not more by new flows", async () => {
    const localAddress = "127.0.0.12";
    for (let index = 0; index < 12; index += 1) {
      const by = client({ localAddress });
      if (index % 2 === 0) {
        await by.submit(await by.open(`${platform.publicUrl}/recovery`), { email: ida });
      } else {
        await by.submit(await by.open(`${platform.publicUrl}/registration`), registrationEntries(ida));
      }
    }
    const answer = await fetch(`${platform.kratos.adminUrl}/admin/courier/messages?page_size=500`);
    const sent = mails.parse(await answer.json()).filter(({ recipient }) => recipient === ida);
    // The first recovery is of an address without an account, which gets no mail.
    assert.equal(sent.length, 4);
  });

  it("gets no more tries of a code from a mail by new flows", async () => {
    await visitors.registered(judy, ["Judy", "Clapp"]);
    let made = 0;
    for (let flow = 0; flow < 4; flow += 1) {
      const by = client({ localAddress: "127.0.0.13" });
      const sent = await by.submit(await by.open(`${platform.publicUrl}/recovery`), { email: judy });
      for (let index = 0; index < 4; index += 1) {
        made += (await by.submit(sent, { code: String(100_000 + index) })).status === 429 ? 0 : 1;
      }
    }
    assert.equal(made, 10);
  });

  it("gets no tries of a code in another browser than the one that asked for it, where its address is not known", async () => {
    const [by, other] = [client({ localAddress: "127.0.0.14" }), client({ localAddress: "127.0.0.14" })];
    const sent = await by.submit(await by.open(`${platform.publicUrl}/recovery`), { email: judy });
    const elsewhere = await other.open(`${platform.publicUrl}/recovery`);
    const entries = { method: "code", csrf_token: tokenOf(elsewhere), code: await visitors.codeFor(judy) };
    const tried = await other.send(elsewhere, actionOf(sent), entries);
    assertShows(tried, /Your browser did not send back our cookie/);
    assert.equal(await visitors.hasSession(other), false);
  });

  it("is seen by the operator, with limit, client and account, and without what was typed", async () => {
    const answer = await fetch(`${platform.kratos.adminUrl}/admin/identities?credentials_identifier=${ada}`);
    const [account] = identities.parse(await answer.json());
    const log = await platform.log();
    const events = linesOf(log).filter((line) => line["event"] === "limit");
    const expected = { limit: "password.pair", client: "127.0.0.2", account: account?.id };
    const seen = events.map(({ limit, client: by, account: whose }) => ({ limit, client: by, account: whose }));
    assert.ok(
      seen.some((one) => JSON.stringify(one) === JSON.stringify(expected)),
      JSON.stringify(seen),
    );
    assert.doesNotMatch(log, /bibind\.test"|wrong-password|Spring-2026/);
  });

  it("finds no common password: a person cannot choose one", async () => {
    const own = await visitors.signedIn(judy);
    const settings = await own.open(`${platform.publicUrl}/settings`);
    for (const password of ["password1234", "aaaaaaaaaaaaaa", "judyclappjudy", "judy@bibind.test"]) {
      const refused = await own.submit(settings, { password }, "password");
      assert.equal(refused.status, 422, password);
      assertShows(refused, /This password is too easy to guess/);
    }
    const saved = await visitors.setPassword(own, settings, judy, "never-log-this-good-password");
    assertShows(saved, /Your changes are saved/);
  });
});
