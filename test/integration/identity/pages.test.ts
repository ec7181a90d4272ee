import assert from "node:assert/strict";
import { z } from "zod";
import { eventually } from "../../support/eventually.ts";
import { application, type Application } from "./application.ts";
import { Browser, type Page } from "./browser.ts";
import { startPlatform, type Platform } from "./platform.ts";

const messages = z.array(z.object({ recipient: z.string(), body: z.string(), created_at: z.string() }));

const introspected = z.object({ active: z.boolean(), aud: z.array(z.string()), sub: z.string() });

const ada = "ada@bibind.test";
const bob = "bob@bibind.test";
const eve = "eve@bibind.test";
const passwords = new Map([ada, bob, eve].map((email) => [email, `never-log-this-${email}`]));
const passwordOf = (email: string): string => passwords.get(email) ?? "";

describe("The sign-in pages with a real Hydra and a real Kratos", function () {
  this.timeout(120_000);
  let platform: Platform;
  let odoo: Application;
  let consoleApplication: Application;
  let browser: Browser;
  const browsers: Browser[] = [];
  const applications: Application[] = [];
  let running: Platform | undefined;

  /** A new browser with this language, which stops at the URL of the application. */
  function newBrowser(language = "fr-FR,fr;q=0.9", target = odoo): Browser {
    const opened = new Browser(platform.caCertificate, language, target.callback);
    browsers.push(opened);
    return opened;
  }

  before(async function () {
    this.timeout(1_800_000);
    platform = await startPlatform({
      groups: { operator: ["Ada@bibind.test"], developer: [ada, bob] },
    });
    running = platform;
    const scope = "openid email profile groups";
    odoo = await application(platform, { clientId: "odoo", name: "Odoo", scope });
    consoleApplication = await application(platform, {
      clientId: "console",
      name: "Console",
      scope: "openid",
      skipConsent: true,
    });
    applications.push(odoo, consoleApplication);
    browser = newBrowser();
  });

  after(async () => {
    await Promise.all([...browsers, ...applications].map((each) => each.close()));
    await running?.stop();
  });

  /** The code of the latest mail to an address. */
  async function codeFor(recipient: string): Promise<string> {
    return eventually(`Kratos has a mail with a code for ${recipient}`, 20, async () => {
      const answer = await fetch(`${platform.kratos.adminUrl}/admin/courier/messages`);
      const [latest] = messages
        .parse(await answer.json())
        .filter((message) => message.recipient === recipient)
        .sort((one, other) => other.created_at.localeCompare(one.created_at));
      const code = /\b(\d{6})\b/.exec(latest?.body ?? "")?.[1];
      assert.ok(code !== undefined, "no mail with a code yet");
      return code;
    });
  }

  const assertShows = (page: Page, text: RegExp) =>
    assert.match(page.text, text, `${page.url.href} shows: ${page.text}`);

  /** Fills in both steps of a registration. @returns the next page */
  async function register(registration: Page, by: Browser, email: string, [first, last]: readonly [string, string]) {
    const person = { "traits.email": email, "traits.name.first": first, "traits.name.last": last };
    return by.submit(await by.submit(registration, person, "profile"), { password: passwordOf(email) }, "password");
  }

  /** A browser in which a person is signed in. */
  async function signedIn(email: string): Promise<Browser> {
    const opened = newBrowser("en");
    const login = await opened.open(`${platform.publicUrl}/login`);
    const home = await opened.submit(login, { identifier: email, password: passwordOf(email) });
    assert.equal(home.url.pathname, "/", home.text);
    return opened;
  }

  const hasSession = async (of: Browser): Promise<boolean> =>
    (await of.open(platform.publicUrl)).url.pathname !== "/login";

  /** Sets a new password, from a page that the browser may have opened before. @returns the next page */
  async function setPassword(by: Browser, settings: Page, email: string, password: string): Promise<Page> {
    const saved = await by.submit(settings, { password }, "password");
    if (/Your changes are saved/.test(saved.text)) {
      passwords.set(email, password);
    }
    return saved;
  }

  it("let a person register, and return to the application with tokens after the consent", async () => {
    const login = await browser.open((await odoo.begin()).url);
    assert.equal(login.url.pathname, "/login");
    assertShows(login, /Se connecter pour continuer vers Odoo/);
    const registration = await browser.click(login, "/registration");
    assertShows(registration, /Créez votre compte pour continuer vers Odoo/);
    const verification = await register(registration, browser, ada, ["Ada", "Lovelace"]);
    assertShows(verification, /Confirmez votre adresse e-mail/);
    const signIn = await odoo.begin();
    const again = await browser.open(signIn.url);
    assertShows(again, /Confirmez que c’est bien vous pour continuer vers Odoo/);
    const consent = await browser.submit(again, { password: passwordOf(ada) });
    assert.equal(consent.url.pathname, "/consent");
    assertShows(consent, /Odoo demande un accès Votre compte : ada@bibind\.test/);
    assertShows(
      consent,
      /savoir qui vous êtes voir votre adresse e-mail voir votre nom et votre langue voir vos rôles/,
    );
    const back = await browser.submit(consent, {}, "allow");
    const { claims, accessToken } = await signIn.finish(back.url);
    assert.equal(claims["email"], ada);
    assert.equal(claims["email_verified"], false);
    assert.equal(claims["name"], "Ada Lovelace");
    assert.equal(claims["locale"], "fr");
    assert.deepEqual(claims["groups"], [], "an address that is not verified gives no role");
    const introspection = await fetch(`${platform.hydra.adminUrl}/admin/oauth2/introspect`, {
      method: "POST",
      body: new URLSearchParams({ token: accessToken }),
    });
    const token = introspected.parse(await introspection.json());
    assert.deepEqual(token, { active: true, aud: ["https://api.bibind.test"], sub: claims.sub });
  });

  it("include the roles after the verification of the address, and remember the consent on request", async () => {
    const home = await browser.open(platform.publicUrl);
    assertShows(home, /Ada Lovelace Session ouverte : ada@bibind\.test/);
    assertShows(home, /n’est pas encore confirmée/);
    const verification = await browser.click(home, "/verification");
    const sent = await browser.submit(verification, { email: ada });
    const wrong = await browser.submit(sent, { code: "000000" });
    assertShows(wrong, /Ce code est incorrect ou a déjà servi/);
    assert.match(wrong.root.querySelector("title")?.text ?? "", /^Erreur : /);
    const confirmed = await browser.submit(wrong, { code: await codeFor(ada) });
    assertShows(confirmed, /Votre adresse e-mail est confirmée/);
    const again = await odoo.begin();
    const consent = await browser.open(again.url);
    assert.equal(consent.url.pathname, "/consent");
    const { claims } = await again.finish((await browser.submit(consent, { remember: "true" }, "allow")).url);
    assert.equal(claims["email_verified"], true);
    assert.deepEqual(claims["groups"], ["operator", "developer"]);
    const third = await odoo.begin();
    const remembered = await third.finish((await browser.open(third.url)).url);
    assert.deepEqual(remembered.claims["groups"], ["operator", "developer"]);
  });

  it("ask for no consent when the application needs none", async () => {
    const signIn = await consoleApplication.begin();
    const other = newBrowser("en", consoleApplication);
    const login = await other.open(signIn.url);
    assertShows(login, /Sign in to continue to Console/);
    const back = await other.submit(login, { identifier: ada, password: passwordOf(ada) });
    const { claims } = await signIn.finish(back.url);
    assert.equal(claims["email"], undefined, "the scope email was not requested");
    assert.equal(claims["groups"], undefined, "the scope groups was not requested");
  });

  it("continue to the application after the verification, and report to it when the person refuses", async () => {
    const signIn = await odoo.begin();
    const other = newBrowser("en");
    const registration = await other.click(await other.open(signIn.url), "/registration");
    assertShows(registration, /Create your account to continue to Odoo/);
    const verification = await register(registration, other, bob, ["Bob", "Builder"]);
    assertShows(verification, /Confirm your e-mail address/);
    const consent = await other.submit(verification, { code: await codeFor(bob) });
    assertShows(consent, /Odoo asks for access Your account: bob@bibind\.test/);
    const back = await other.submit(consent, {}, "deny");
    assert.equal(back.url.searchParams.get("error"), "access_denied");
  });

  it("continue after a registration to an application that needs no consent", async () => {
    const signIn = await consoleApplication.begin();
    const other = newBrowser("en", consoleApplication);
    const registration = await other.click(await other.open(signIn.url), "/registration");
    const verification = await register(registration, other, eve, ["Eve", "Adams"]);
    const back = await other.submit(verification, { code: await codeFor(eve) });
    assert.ok((await signIn.finish(back.url)).claims.sub.length > 0);
  });

  it("refuse an account that became inactive during the sign-in", async () => {
    const signIn = await odoo.begin();
    const other = newBrowser("en");
    const consent = await other.submit(await other.open(signIn.url), { identifier: eve, password: passwordOf(eve) });
    assert.equal(consent.url.pathname, "/consent");
    const identities = `${platform.kratos.adminUrl}/admin/identities`;
    const found = await fetch(`${identities}?credentials_identifier=${eve}`);
    const [identity] = z.array(z.object({ id: z.string() })).parse(await found.json());
    await fetch(`${identities}/${identity?.id ?? ""}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ op: "replace", path: "/state", value: "inactive" }]),
    });
    const back = await other.submit(consent, {}, "allow");
    assert.equal(back.url.searchParams.get("error"), "access_denied");
  });

  it("show errors of the form in the person's language", async () => {
    const visitor = newBrowser();
    const login = await visitor.open(`${platform.publicUrl}/login`);
    const wrong = await visitor.submit(login, { identifier: ada, password: "wrong" });
    assertShows(wrong, /L’adresse e-mail ou le mot de passe est incorrect/);
    const registration = await visitor.open(`${platform.publicUrl}/registration`);
    const person = { "traits.email": "new@bibind.test", "traits.name.first": "New", "traits.name.last": "One" };
    const credentials = await visitor.submit(registration, person, "profile");
    assertShows(credentials, /Choisissez comment vous vous connecterez/);
    const short = await visitor.submit(credentials, { password: "short" }, "password");
    assertShows(short, /Le mot de passe doit avoir au moins 12 caractères/);
    assert.equal(short.root.querySelector("[name=password]")?.getAttribute("aria-invalid"), "true");
  });

  it("prefer the language that the person chose to the language of the browser", async () => {
    const settings = await browser.open(`${platform.publicUrl}/settings`);
    assertShows(settings, /Votre compte .*Profil .*Nouveau mot de passe .*Application d’authentification/);
    const saved = await browser.submit(settings, { "traits.language": "en" }, "profile");
    assertShows(saved, /Your changes are saved/);
    assert.equal(saved.root.querySelector("html")?.getAttribute("lang"), "en");
  });

  it("sign a person out of Kratos too when the application requests a sign-out", async () => {
    const other = newBrowser("en");
    const signIn = await odoo.begin();
    const login = await other.open(signIn.url);
    const consent = await other.submit(login, { identifier: ada, password: passwordOf(ada) });
    const back = consent.url.pathname === "/consent" ? await other.submit(consent, {}, "allow") : consent;
    const { idToken } = await signIn.finish(back.url);
    const signedOut = await other.open(odoo.signOut(idToken));
    assert.equal(signedOut.url.href, odoo.callback);
    assert.equal((await other.open(platform.publicUrl)).url.pathname, "/login");
  });

  it("sign a person out on request, and let another person sign in with the same browser", async () => {
    const shared = newBrowser("en");
    const first = await odoo.begin();
    const login = await shared.open(first.url);
    await shared.submit(login, { identifier: ada, password: passwordOf(ada) });
    const question = await shared.click(await shared.open(platform.publicUrl), "/logout");
    assertShows(question, /Do you want to sign out/);
    assert.equal((await shared.submit(question, {}, "no")).url.pathname, "/");
    const out = await shared.submit(question, {}, "yes");
    assert.equal(out.url.pathname, "/login");
    const second = await odoo.begin();
    const next = await shared.open(second.url);
    const consent = await shared.submit(next, { identifier: bob, password: passwordOf(bob) });
    assertShows(consent, /Your account: bob@bibind\.test/);
  });

  it("refuse a form with a forged CSRF token", async () => {
    const question = await browser.open(`${platform.publicUrl}/logout`);
    const token = question.root.querySelector("[name=_csrf]");
    token?.setAttribute("value", "forged");
    const refused = await browser.submit(question, {}, "yes");
    assert.equal(refused.status, 403);
    assert.equal((await browser.open(platform.publicUrl)).url.pathname, "/");
  });

  it("let a person recover an account with a code, and end the sessions of all other browsers", async () => {
    const intruder = await signedIn(ada);
    const prepared = await intruder.open(`${platform.publicUrl}/settings`);
    const forgetful = newBrowser("en");
    const login = await forgetful.open(`${platform.publicUrl}/login`);
    const recovery = await forgetful.click(login, "/recovery");
    const sent = await forgetful.submit(recovery, { email: ada });
    assertShows(sent, /an e-mail with a code is on its way/);
    const settings = await forgetful.submit(sent, { code: await codeFor(ada) });
    assertShows(settings, /Your account is recovered/);
    assert.equal(await hasSession(intruder), false, "the other session ends before the new password");
    const refused = await setPassword(intruder, prepared, ada, "never-log-this-intruder-password");
    assert.equal(refused.url.pathname, "/login");
    assertShows(await setPassword(forgetful, settings, ada, "never-log-this-other-password"), /Your changes are saved/);
    assert.equal(await hasSession(forgetful), true);
    await signedIn(ada);
  });

  it("end the sessions of all other browsers when a person sets a new password, also at the applications", async () => {
    const intruder = await signedIn(ada);
    const prepared = await intruder.open(`${platform.publicUrl}/settings`);
    const first = await odoo.begin();
    await first.finish((await intruder.submit(await intruder.open(first.url), { password: passwordOf(ada) })).url);
    const owner = await signedIn(ada);
    const settings = await owner.open(`${platform.publicUrl}/settings`);
    assertShows(await setPassword(owner, settings, ada, "never-log-this-third-password"), /Your changes are saved/);
    assert.deepEqual([await hasSession(owner), await hasSession(intruder)], [true, false]);
    const refused = await setPassword(intruder, prepared, ada, "never-log-this-intruder-password");
    assert.equal(refused.url.pathname, "/login");
    const login = await intruder.open((await odoo.begin()).url);
    assertShows(login, /Sign in to continue to Odoo/);
    await signedIn(ada);
  });

  it("show an error page with the id of the request, but without text from a link", async () => {
    const visitor = newBrowser();
    const missing = await visitor.open(`${platform.publicUrl}/nowhere`);
    assert.equal(missing.status, 404);
    assertShows(missing, /Cette page n’existe pas/);
    const forged = `${platform.publicUrl}/error?error=invalid_scope&error_description=Call+0800`;
    const shown = await visitor.open(forged);
    assertShows(shown, /L’application a demandé ce qu’elle ne peut obtenir \(invalid_scope\)/);
    assert.doesNotMatch(shown.text, /0800/);
    const unknown = await visitor.open(`${platform.publicUrl}/consent?consent_challenge=none`);
    assert.equal(unknown.status, 400);
    const expired = await visitor.open(`${platform.publicUrl}/login?flow=00000000-0000-4000-8000-000000000000`);
    assert.equal(expired.status, 200, "an expired flow is restarted");
    const reference = /Référence : ([0-9a-f-]{36})/.exec(shown.text)?.[1] ?? "none";
    await eventually("the log names the request", 10, async () =>
      assert.ok((await platform.log()).includes(reference)),
    );
  });

  it("cannot be framed, are not cached, and run no script", async () => {
    const page = await newBrowser().open(`${platform.publicUrl}/login`);
    const header = (name: string) => page.headers.get(name) ?? "";
    assert.match(header("content-security-policy"), /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(header("cache-control"), "no-store");
    assert.match(header("strict-transport-security"), /max-age=\d{8}/);
    assert.equal(header("x-content-type-options"), "nosniff");
    assert.equal(page.root.querySelectorAll("script").length, 0);
    const style = page.root.querySelector("link[rel=stylesheet]")?.getAttribute("href") ?? "";
    const sheet = await newBrowser().open(new URL(style, page.url));
    assert.match(sheet.headers.get("content-type") ?? "", /text\/css/);
  });

  it("never log a password, a code or a challenge", async () => {
    const mails = await fetch(`${platform.kratos.adminUrl}/admin/courier/messages?page_size=250`);
    const codes = z
      .array(z.object({ body: z.string() }))
      .parse(await mails.json())
      .flatMap(({ body }) => /\b\d{6}\b/.exec(body) ?? []);
    assert.ok(codes.length >= 3, "Kratos sent too few codes");
    const log = await platform.log();
    assert.ok(log.includes('"route":"/consent"'));
    assert.doesNotMatch(log, /never-log-this|challenge=|flow=/);
    // Not a part of a longer number, or of an id.
    assert.doesNotMatch(log, new RegExp(`(?<![\\w-])(${codes.join("|")})(?![\\w-])`));
  });
});
