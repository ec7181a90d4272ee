import assert from "node:assert/strict";
import { z } from "zod";
import { eventually } from "../../support/eventually.ts";
import { registrationEntries } from "../../support/sign-up.ts";
import { application, type Application } from "./application.ts";
import type { Browser } from "./browser.ts";
import { startPlatform, type Platform } from "./platform.ts";
import { assertShows, Visitors } from "./visitors.ts";

const introspected = z.object({ active: z.boolean(), aud: z.array(z.string()), sub: z.string() });

const ada = "ada@bibind.test";
const bob = "bob@bibind.test";
const eve = "eve@bibind.test";

describe("The sign-in pages with a real Hydra and a real Kratos", function () {
  this.timeout(120_000);
  let platform: Platform;
  let odoo: Application;
  let consoleApplication: Application;
  let browser: Browser;
  let visitors: Visitors;
  let running: Platform | undefined;

  before(async function () {
    this.timeout(1_800_000);
    platform = await startPlatform({ groups: { operator: ["Ada@bibind.test"], developer: [ada, bob] } });
    running = platform;
    const scope = "openid email profile groups";
    odoo = await application(platform, { clientId: "odoo", name: "Odoo", scope });
    consoleApplication = await application(platform, {
      clientId: "console",
      name: "Console",
      scope: "openid",
      skipConsent: true,
    });
    visitors = new Visitors(platform, odoo);
    browser = visitors.browser();
  });

  after(async () => {
    if (running !== undefined) {
      await Promise.all([visitors, odoo, consoleApplication].map((each) => each.close()));
      await running.stop();
    }
  });

  it("let a person register, and return to the application with tokens after the consent", async () => {
    const signIn = await odoo.begin();
    const login = await browser.open(signIn.url);
    assert.equal(login.url.pathname, "/login");
    assertShows(login, /Se connecter pour continuer vers Odoo/);
    const registration = await browser.click(login, "/registration");
    assertShows(registration, /Créez votre compte pour continuer vers Odoo/);
    const again = await visitors.register(registration, browser, ada, ["Ada", "Lovelace"]);
    assertShows(again, /Confirmez que c’est bien vous pour continuer vers Odoo/);
    const consent = await browser.submit(again, { password: visitors.passwordOf(ada) });
    assert.equal(consent.url.pathname, "/consent");
    assertShows(consent, /Odoo demande un accès Votre compte : ada@bibind\.test/);
    assertShows(
      consent,
      /savoir qui vous êtes voir votre adresse e-mail voir votre nom et votre langue voir vos rôles/,
    );
    const back = await browser.submit(consent, {}, "allow");
    const { claims, accessToken } = await signIn.finish(back.url);
    assert.equal(claims["email"], ada);
    assert.equal(claims["email_verified"], true, "the code proves the address");
    assert.equal(claims["name"], "Ada Lovelace");
    assert.equal(claims["locale"], "fr");
    assert.deepEqual(claims["groups"], ["operator", "developer"]);
    const introspection = await fetch(`${platform.hydra.adminUrl}/admin/oauth2/introspect`, {
      method: "POST",
      body: new URLSearchParams({ token: accessToken }),
    });
    const token = introspected.parse(await introspection.json());
    assert.deepEqual(token, { active: true, aud: ["https://api.bibind.test"], sub: claims.sub });
  });

  it("remember the consent on request", async () => {
    const again = await odoo.begin();
    const consent = await browser.open(again.url);
    assert.equal(consent.url.pathname, "/consent");
    await again.finish((await browser.submit(consent, { remember: "true" }, "allow")).url);
    const third = await odoo.begin();
    const remembered = await third.finish((await browser.open(third.url)).url);
    assert.deepEqual(remembered.claims["groups"], ["operator", "developer"]);
  });

  it("ask for no consent when the application needs none", async () => {
    const signIn = await consoleApplication.begin();
    const other = visitors.browser("en", consoleApplication);
    const login = await other.open(signIn.url);
    assertShows(login, /Sign in to continue to Console/);
    const back = await other.submit(login, { identifier: ada, password: visitors.passwordOf(ada) });
    const { claims } = await signIn.finish(back.url);
    assert.equal(claims["email"], undefined, "the scope email was not requested");
    assert.equal(claims["groups"], undefined, "the scope groups was not requested");
  });

  it("continue to the application after a registration, and report to it when the person refuses", async () => {
    const signIn = await odoo.begin();
    const other = visitors.browser("en");
    const registration = await other.click(await other.open(signIn.url), "/registration");
    assertShows(registration, /Create your account to continue to Odoo/);
    const login = await visitors.register(registration, other, bob, ["Bob", "Builder"]);
    const consent = await other.submit(login, { password: visitors.passwordOf(bob) });
    assertShows(consent, /Odoo asks for access Your account: bob@bibind\.test/);
    const back = await other.submit(consent, {}, "deny");
    assert.equal(back.url.searchParams.get("error"), "access_denied");
  });

  it("continue after a registration that the application asks for, without consent when it needs none", async () => {
    const signIn = await consoleApplication.begin();
    const other = visitors.browser("en", consoleApplication);
    const url = new URL(signIn.url);
    url.searchParams.set("prompt", "registration");
    const registration = await other.open(url);
    assertShows(registration, /Create your account to continue to Console/);
    const login = await visitors.register(registration, other, eve, ["Eve", "Adams"]);
    const back = await other.submit(login, { password: visitors.passwordOf(eve) });
    assert.ok((await signIn.finish(back.url)).claims.sub.length > 0);
  });

  it("refuse an account that became inactive during the sign-in", async () => {
    const signIn = await odoo.begin();
    const other = visitors.browser("en");
    const consent = await other.submit(await other.open(signIn.url), {
      identifier: eve,
      password: visitors.passwordOf(eve),
    });
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
    const visitor = visitors.browser();
    const login = await visitor.open(`${platform.publicUrl}/login`);
    const wrong = await visitor.submit(login, { identifier: ada, password: "wrong" });
    assertShows(wrong, /L’adresse e-mail ou le mot de passe est incorrect/);
    const registration = await visitor.open(`${platform.publicUrl}/registration`);
    const entries = registrationEntries("nobody", ["", "x".repeat(101)]);
    const refused = await visitor.submit(registration, entries);
    assert.equal(refused.status, 422);
    assertShows(refused, /Ceci n’a pas la forme attendue.*Veuillez remplir ce champ.*Il faut au plus 100 caractères/);
    assert.equal(refused.root.querySelector('[name="traits.email"]')?.getAttribute("value"), "nobody");
    const settings = await browser.open(`${platform.publicUrl}/settings`);
    const short = await browser.submit(settings, { password: "short" }, "password");
    assertShows(short, /Le mot de passe doit avoir au moins 12 caractères/);
    assert.equal(short.root.querySelector("[name=password]")?.getAttribute("aria-invalid"), "true");
  });

  it("prefer the language that the person chose to the language of the browser", async () => {
    const settings = await browser.open(`${platform.publicUrl}/settings`);
    assertShows(settings, /Votre compte .*Nouveau mot de passe .*Application d’authentification/);
    const profile = await browser.click(settings, "/profile");
    assert.equal(profile.root.querySelector('[name="traits.name.last"]')?.getAttribute("value"), "Lovelace");
    const saved = await browser.submit(profile, { "traits.language": "en" }, "profile");
    assertShows(saved, /Your changes are saved/);
    assert.equal(saved.root.querySelector("html")?.getAttribute("lang"), "en");
  });

  it("sign a person out of Kratos too when the application requests a sign-out", async () => {
    const other = visitors.browser("en");
    const signIn = await odoo.begin();
    const login = await other.open(signIn.url);
    const consent = await other.submit(login, { identifier: ada, password: visitors.passwordOf(ada) });
    const back = consent.url.pathname === "/consent" ? await other.submit(consent, {}, "allow") : consent;
    const { idToken } = await signIn.finish(back.url);
    const signedOut = await other.open(odoo.signOut(idToken));
    assert.equal(signedOut.url.href, odoo.callback);
    assert.equal(await visitors.hasSession(other), false);
  });

  it("sign a person out on request, and let another person sign in with the same browser", async () => {
    const shared = visitors.browser("en");
    const first = await odoo.begin();
    const login = await shared.open(first.url);
    await shared.submit(login, { identifier: ada, password: visitors.passwordOf(ada) });
    const question = await shared.click(await shared.open(platform.publicUrl), "/logout");
    assertShows(question, /Do you want to sign out/);
    assert.equal((await shared.submit(question, {}, "no")).url.pathname, "/");
    const out = await shared.submit(question, {}, "yes");
    assert.equal(out.url.pathname, "/");
    assertShows(out, /Welcome to Bibind/);
    assert.equal((await shared.click(out, "/login")).url.pathname, "/login");
    const second = await odoo.begin();
    const next = await shared.open(second.url);
    const consent = await shared.submit(next, { identifier: bob, password: visitors.passwordOf(bob) });
    assertShows(consent, /Your account: bob@bibind\.test/);
  });

  it("refuse a form with a forged CSRF token", async () => {
    const question = await browser.open(`${platform.publicUrl}/logout`);
    const token = question.root.querySelector("[name=_csrf]");
    token?.setAttribute("value", "forged");
    const refused = await browser.submit(question, {}, "yes");
    assert.equal(refused.status, 403);
    assert.equal(await visitors.hasSession(browser), true);
  });

  it("show an error page with the id of the request, but without text from a link", async () => {
    const visitor = visitors.browser();
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
    const page = await visitors.browser().open(`${platform.publicUrl}/login`);
    const header = (name: string) => page.headers.get(name) ?? "";
    assert.match(header("content-security-policy"), /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(header("cache-control"), "no-store");
    assert.match(header("strict-transport-security"), /max-age=\d{8}/);
    assert.equal(header("x-content-type-options"), "nosniff");
    assert.equal(page.root.querySelectorAll("script").length, 0);
    const style = page.root.querySelector("link[rel=stylesheet]")?.getAttribute("href") ?? "";
    const sheet = await visitors.browser().open(new URL(style, page.url));
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
