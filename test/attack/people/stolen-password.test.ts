import assert from "node:assert/strict";
import { application, type Application } from "../../integration/identity/application.ts";
import type { Browser, Page } from "../../integration/identity/browser.ts";
import { mailTo } from "../../integration/identity/mail.ts";
import { startPlatform, type Platform } from "../../integration/identity/platform.ts";
import { assertShows, Visitors } from "../../integration/identity/visitors.ts";
import { eventually } from "../../support/eventually.ts";
import { AuthenticatorApp } from "../../support/second-factor.ts";

const olga = "olga@bibind.test";
const dora = "dora@bibind.test";

/** A thief knows the password of a person, and reads none of the mail. */
describe("Somebody with a stolen password", function () {
  this.timeout(120_000);
  let platform: Platform;
  let vault: Application;
  let visitors: Visitors;
  let owner: Browser;
  let running: Platform | undefined;

  before(async function () {
    this.timeout(1_800_000);
    platform = await startPlatform({ groups: { operator: [olga], developer: [dora] }, secondFactor: ["operator"] });
    running = platform;
    const scope = "openid email groups";
    vault = await application(platform, { clientId: "vault", name: "Vault", scope, skipConsent: true });
    visitors = new Visitors(platform, vault);
    owner = await visitors.registered(olga, ["Olga", "Stone"]);
    await visitors.registered(dora, ["Dora", "Reed"]);
  });

  after(async () => {
    if (running !== undefined) {
      await Promise.all([visitors, vault].map((each) => each.close()));
      await running.stop();
    }
  });

  /** Signs in to the application with the password alone. @returns the page that follows, and the sign-in */
  async function withPassword(email: string) {
    const signIn = await vault.begin();
    const browser = visitors.browser("en");
    const login = await browser.open(signIn.url);
    const next = await browser.submit(login, { identifier: email, password: visitors.passwordOf(email) });
    return { browser, signIn, next };
  }

  const hrefOf = ({ root }: Page, text: string): string =>
    root
      .querySelectorAll("a")
      .find((link) => link.text === text)
      ?.getAttribute("href") ?? "";

  async function mailsTo(address: string, text: RegExp): Promise<void> {
    await eventually(`${address} has a mail like ${String(text)}`, 20, async () => {
      const mails = await mailTo(platform.mailUrl, address);
      assert.ok(
        mails.some((mail) => text.test(mail.text)),
        JSON.stringify(mails),
      );
    });
  }

  it("gets the roles that need no second factor", async () => {
    const { signIn, next } = await withPassword(dora);
    assert.deepEqual((await signIn.finish(next.url)).claims["groups"], ["developer"]);
  });

  it("does not get the roles that need one, also where the application needs no consent", async () => {
    const { browser, signIn, next } = await withPassword(olga);
    assertShows(next, /Your role needs a second step when you sign in: operator/);
    const back = await browser.submit(next, {}, "allow");
    assert.deepEqual((await signIn.finish(back.url)).claims["groups"], []);
  });

  it("enters nothing after the owner has set up a second factor, with which the owner gets the role", async () => {
    assertShows(await owner.open(platform.publicUrl), /Your role needs a second step/);
    const signIn = await vault.begin();
    const login = await owner.open(signIn.url);
    const withheld = await owner.submit(login, { password: visitors.passwordOf(olga) });
    const settings = await owner.open(new URL(hrefOf(withheld, "Set it up now"), platform.publicUrl));
    const { next: back } = await AuthenticatorApp.setUp(owner, settings);
    assert.deepEqual((await signIn.finish(back.url)).claims["groups"], ["operator"]);
    const thief = await withPassword(olga);
    assertShows(thief.next, /Second step/);
    for (const path of ["/", "/profile", "/address", "/settings"]) {
      assertShows(await thief.browser.open(`${platform.publicUrl}${path}`), /Second step/);
    }
    await mailsTo(olga, /The authenticator app of your Bibind account was changed/);
  });

  it("cannot change the password or the address without a mail to the owner", async () => {
    const thief = await visitors.signedIn(dora);
    const settings = await thief.open(`${platform.publicUrl}/settings`);
    await visitors.setPassword(thief, settings, dora, "never-log-this-other-password");
    await mailsTo(dora, /Your Bibind account has a new password/);
    const sent = await thief.submit(await thief.open(`${platform.publicUrl}/address`), {
      "traits.email": "thief@bibind.test",
    });
    await thief.submit(sent, { code: await visitors.codeFor("thief@bibind.test") });
    await mailsTo(dora, /Your Bibind account has another e-mail address now/);
  });
});
