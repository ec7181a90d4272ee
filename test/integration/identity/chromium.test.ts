import assert from "node:assert/strict";
import { startChromium, type RunningChromium } from "../../support/chromium.ts";
import { freePort } from "../../support/free-port.ts";
import { AuthenticatorApp } from "../../support/second-factor.ts";
import { application, type Application } from "./application.ts";
import { KeyboardVisitor } from "./keyboard-visitor.ts";
import { showApplication } from "./people-application.ts";
import { startPlatform, type Platform } from "./platform.ts";
import { Visitors } from "./visitors.ts";

/** The titles of the pages, in the language of the browser. */
const variants = [
  {
    name: "fr-phone",
    locale: "fr-FR",
    viewport: { width: 360, height: 740 },
    start: /^Bienvenue sur Bibind$/,
    login: /^Se connecter$/,
    secondStep: /^Deuxième étape$/,
    consent: /Odoo demande un accès/,
    tooMany: /^Trop de tentatives$/,
  },
  {
    name: "en-desktop",
    locale: "en-GB",
    viewport: { width: 1280, height: 800 },
    start: /^Welcome to Bibind$/,
    login: /^Sign in$/,
    secondStep: /^Second step$/,
    consent: /Odoo asks for access/,
    tooMany: /^Too many attempts$/,
  },
] as const;

describe("The pages in a real Chromium, with the keyboard only", function () {
  this.timeout(300_000);
  let chromium: RunningChromium;
  let platform: Platform;
  let odoo: Application;
  let visitors: Visitors;
  const stops: (() => Promise<unknown>)[] = [];

  before(async function () {
    this.timeout(3_600_000);
    chromium = await startChromium();
    stops.push(() => chromium.stop());
    const operator = variants.map(({ name }) => `${name}@bibind.test`);
    platform = await startPlatform({ groups: { operator }, secondFactor: ["operator"] });
    stops.push(() => platform.stop());
    odoo = await application(platform, { clientId: "odoo", name: "Odoo", scope: "openid email groups" });
    stops.push(() => odoo.close());
    const works = `${platform.hydra.adminUrl}/health/ready`;
    const fails = `http://127.0.0.1:${await freePort()}/`;
    await showApplication(platform, { clientId: "notes", name: "Notes", roles: [], healthUri: works });
    await showApplication(platform, { clientId: "reports", name: "Reports", roles: [], healthUri: fails });
    visitors = new Visitors(platform, odoo);
  });

  after(async () => {
    for (const stop of stops.reverse()) {
      await stop();
    }
  });

  for (const { name, locale, viewport, start, login, secondStep, consent, tooMany } of variants) {
    describe(name, () => {
      const first = `first-${name}@bibind.test`;
      const email = `${name}@bibind.test`;
      const password = (): string => `${visitors.passwordOf(email)}-new`;
      let visitor: KeyboardVisitor;
      let app: AuthenticatorApp;

      before(async () => {
        const context = await chromium.browser.newContext({ locale, viewport, ignoreHTTPSErrors: true });
        visitor = new KeyboardVisitor(await context.newPage(), name);
        stops.push(() => context.close());
      });

      const open = (path: string) => visitor.page.goto(`${platform.publicUrl}${path}`);

      it("let a person find the registration, and sign up with a code from a mail", async () => {
        await open("/");
        await visitor.isAt("/", start);
        await visitor.look("start");
        await visitor.enter('a[href="/registration"]');
        await visitor.look("registration");
        await visitor.type("traits.email", first);
        await visitor.type("traits.name.first", "Ada");
        await visitor.type("traits.name.last", "Lovelace");
        await visitor.enter();
        await visitor.look("code");
        await visitor.type("code", await visitors.codeFor(first));
        await visitor.enter();
        await visitor.look("password");
        await visitor.type("password", visitors.passwordOf(email));
        await visitor.enter('button[value="password"]');
        await visitor.isAt("/", /^Ada Lovelace$/);
        await visitor.look("applications");
      });

      it("let a person change the address with a code from a mail", async () => {
        await visitor.enter('a[href="/settings"]');
        await visitor.look("settings");
        await visitor.enter('a[href="/address"]');
        await visitor.look("address");
        await visitor.type("traits.email", email);
        await visitor.enter();
        await visitor.look("address-code");
        await visitor.type("code", await visitors.codeFor(email));
        await visitor.enter();
        await visitor.isAt("/", /^Ada Lovelace$/);
        assert.equal(await visitor.page.locator('a[href="/address"]').count(), 0, "the address is confirmed");
      });

      it("let a person change the profile", async () => {
        await open("/profile");
        await visitor.look("profile");
        await visitor.type("traits.organisation", "Analytical Engines");
        await visitor.enter();
        await visitor.look("profile-saved");
        await open("/");
      });

      it("let a person sign out", async () => {
        await visitor.enter('a[href="/logout"]');
        await visitor.look("sign-out");
        await visitor.enter('button[value="yes"]');
        await visitor.isAt("/", start);
      });

      it("let a person recover the account", async () => {
        await visitor.page.context().clearCookies();
        await open("/recovery");
        await visitor.look("recovery");
        await visitor.type("email", email);
        await visitor.enter();
        await visitor.type("code", await visitors.codeFor(email));
        await visitor.enter();
        await visitor.type("password", password());
        await visitor.enter('button[value="password"]');
        await open("/");
        await visitor.isAt("/", /^Ada Lovelace$/);
      });

      it("let a person set up an authenticator app, which the role needs", async () => {
        await visitor.look("role-withheld");
        await visitor.enter('p a[href="/settings"]');
        app = new AuthenticatorApp(await visitor.page.locator("main").innerText());
        await visitor.type("totp_code", app.nextCode());
        await visitor.enter('button[value="totp"]');
        await visitor.look("authenticator-app");
        await open("/");
        assert.equal(await visitor.page.locator('p a[href="/settings"]').count(), 0, "the role needs nothing more");
        await visitor.page.context().clearCookies();
      });

      it("sign a person in to an application, after the second step and the consent", async () => {
        const signIn = await odoo.begin();
        await visitor.page.goto(signIn.url.href);
        await visitor.isAt("/login", login);
        await visitor.look("login");
        await visitor.type("identifier", email);
        await visitor.type("password", "wrong");
        await visitor.enter();
        await visitor.look("login-refused");
        await visitor.type("identifier", email);
        await visitor.type("password", password());
        await visitor.enter();
        await visitor.isAt("/login", secondStep);
        await visitor.look("second-step");
        await visitor.type("totp_code", app.nextCode());
        await visitor.enter();
        await visitor.isAt("/consent", consent);
        await visitor.look("consent");
        // Nothing answers there: the browser shows an error of its own.
        const back = visitor.page.waitForRequest((request) => request.url().startsWith(odoo.callback));
        await visitor.enter('button[value="allow"]');
        const { claims } = await signIn.finish(new URL((await back).url()));
        assert.deepEqual([claims["email"], claims["email_verified"], claims["groups"]], [email, true, ["operator"]]);
      });

      it("say that too many codes were requested, and when to try again", async () => {
        await visitor.page.context().clearCookies();
        for (let count = 0; count < 6; count += 1) {
          await open("/recovery");
          await visitor.type("email", `nobody-${name}@bibind.test`);
          await visitor.enter();
        }
        assert.match(await visitor.page.locator("h1").innerText(), tooMany);
        await visitor.look("limited");
      });

      it("say that a page does not exist", async () => {
        await open("/nowhere");
        await visitor.look("missing");
      });
    });
  }
});
