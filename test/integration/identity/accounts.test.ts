import assert from "node:assert/strict";
import { freePort } from "../../support/free-port.ts";
import { registrationEntries } from "../../support/sign-up.ts";
import { application, type Application } from "./application.ts";
import type { Page } from "./browser.ts";
import { showApplication } from "./people-application.ts";
import { startPlatform, type Platform } from "./platform.ts";
import { assertShows, Visitors } from "./visitors.ts";

const ada = "ada@bibind.test";
const carol = "carol@bibind.test";
const dora = "dora@bibind.test";

/** The id of Kratos' flow of a page. */
const idOf = ({ url }: Page): string => url.searchParams.get("flow") ?? "";

/** A text without what differs between two visits: identifiers, tokens and the address. */
function withoutVisit(text: string, email: string): string {
  return text.replaceAll(email, "ADDRESS").replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[\w+/-]{86}==/g, "VISIT");
}

describe("Accounts with a real Kratos and the pages", function () {
  this.timeout(120_000);
  let platform: Platform;
  let odoo: Application;
  let visitors: Visitors;
  let running: Platform | undefined;

  before(async function () {
    this.timeout(1_800_000);
    platform = await startPlatform({ groups: { operator: [], developer: [dora] } });
    running = platform;
    odoo = await application(platform, {
      clientId: "odoo",
      name: "Odoo",
      scope: "openid email groups",
      skipConsent: true,
    });
    visitors = new Visitors(platform, odoo);
    await visitors.registered(ada, ["Ada", "Lovelace"]);
  });

  after(async () => {
    if (running !== undefined) {
      await Promise.all([visitors, odoo].map((each) => each.close()));
      await running.stop();
    }
  });

  it("give a person another address, and its role, only with the code that was sent to it", async () => {
    const other = await visitors.registered(carol, ["Carol", "Shaw"], "fr");
    const home = await other.open(platform.publicUrl);
    assertShows(home, /Carol Shaw Session ouverte : carol@bibind\.test/);
    assert.doesNotMatch(home.text, /n’est pas encore confirmée/);
    const settings = await other.open(`${platform.publicUrl}/settings`);
    const sent = await other.submit(await other.click(settings, "/address"), { "traits.email": dora });
    const groups = async (): Promise<unknown> => {
      const signIn = await odoo.begin();
      const page = await other.open(signIn.url);
      const isAsked = page.url.pathname === "/login";
      const back = isAsked ? await other.submit(page, { password: visitors.passwordOf(carol) }) : page;
      const { claims } = await signIn.finish(back.url);
      return [claims["email"], claims["email_verified"], claims["groups"]];
    };
    assert.deepEqual(await groups(), [carol, true, []]);
    const wrong = await other.submit(sent, { code: "000000" });
    assertShows(wrong, /Ce code est incorrect ou a déjà servi/);
    assert.match(wrong.root.querySelector("title")?.text ?? "", /^Erreur : /);
    const changed = await other.submit(wrong, { code: await visitors.codeFor(dora) });
    assertShows(changed, /Carol Shaw Session ouverte : dora@bibind\.test/);
    assert.deepEqual(await groups(), [dora, true, ["developer"]]);
    visitors.rename(carol, dora);
  });

  it("tell who has an address only to the person with its code, and change nothing then", async () => {
    const other = await visitors.signedIn(dora);
    const sent = await other.submit(await other.open(`${platform.publicUrl}/address`), { "traits.email": ada });
    assertShows(sent, /an e-mail with a code is on its way|un e-mail contenant un code est en route/i);
    const taken = await other.submit(sent, { code: await visitors.codeFor(ada) });
    assertShows(taken, /Cette adresse e-mail a déjà un compte/);
    assertShows(await other.open(platform.publicUrl), /dora@bibind\.test/);
    await visitors.signedIn(ada);
  });

  it("end the sessions of all other browsers when a person changes the address", async () => {
    const [other, elsewhere] = [await visitors.signedIn(ada), await visitors.signedIn(ada)];
    const prior = await other.submit(await other.open(`${platform.publicUrl}/address`), { "traits.email": "a@b.test" });
    await other.submit(prior, { code: await visitors.codeFor("a@b.test") });
    assert.deepEqual([await visitors.hasSession(other), await visitors.hasSession(elsewhere)], [true, false]);
    const back = await other.submit(await other.open(`${platform.publicUrl}/address`), { "traits.email": ada });
    await other.submit(back, { code: await visitors.codeFor(ada) });
    await visitors.signedIn(ada);
  });

  it("show each person the applications that the person may use, with their state", async () => {
    const works = `${platform.hydra.adminUrl}/health/ready`;
    const fails = `http://127.0.0.1:${await freePort()}/`;
    await showApplication(platform, { clientId: "notes", name: "Notes", roles: [], healthUri: works });
    await showApplication(platform, { clientId: "secrets", name: "Secrets", roles: ["developer"], healthUri: fails });
    await showApplication(platform, { clientId: "audit", name: "Audit", roles: ["auditor"], healthUri: works });
    const shown = async (email: string): Promise<string[]> => {
      const page = await (await visitors.signedIn(email)).open(platform.publicUrl);
      return page.root.querySelectorAll(".applications li").map((item) => {
        const texts = item.querySelectorAll("a, span").map(({ text }) => text);
        return [item.querySelector("a")?.getAttribute("href"), ...texts].join(" | ");
      });
    };
    assert.deepEqual(await shown(ada), ["https://notes.bibind.test/ | Notes | In English | Available"]);
    assert.deepEqual(await shown(dora), [
      "https://notes.bibind.test/ | Notes | En français | Disponible",
      "https://secrets.bibind.test/ | Secrets | En français | Indisponible",
    ]);
  });

  it("answer a registration in the same way whether the address has an account or not", async () => {
    const answers: unknown[] = [];
    for (const email of [ada, "nobody@bibind.test"]) {
      const visitor = visitors.browser("en");
      const form = await visitor.open(`${platform.publicUrl}/registration`);
      const sent = await visitor.submit(form, registrationEntries(email, ["Some", "Body"]));
      assert.equal(sent.url.pathname, "/recovery");
      assertShows(sent, /Confirm your e-mail address .*an e-mail with a code is on its way/);
      const flow = await fetch(`${platform.kratos.publicUrl}/self-service/recovery/flows?id=${idOf(sent)}`, {
        headers: { cookie: await visitor.cookies(platform.publicUrl) },
      });
      assert.equal(flow.status, 200);
      const wrong = await visitor.submit(sent, { code: "000000" });
      const statuses = [form, sent, wrong].map(({ status }) => status);
      const json = (await flow.text()).replaceAll(/"[^"]*T[\d:.]+Z"/g, "TIME");
      answers.push([
        statuses,
        withoutVisit(sent.root.toString(), email),
        withoutVisit(wrong.root.toString(), email),
        withoutVisit(json, email),
      ]);
      assert.match(await visitors.codeFor(email), /^\d{6}$/);
    }
    assert.deepEqual(answers[1], answers[0]);
  });

  it("have no other registration: that of Kratos is switched off", async () => {
    for (const kind of ["browser", "api"]) {
      const answer = await fetch(`${platform.kratos.publicUrl}/self-service/registration/${kind}`, {
        headers: { accept: "application/json" },
      });
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /Registration is not allowed because it was disabled/);
    }
  });

  it("let a person recover an account with a code, and end the sessions of all other browsers", async () => {
    const intruder = await visitors.signedIn(ada);
    const prepared = await intruder.open(`${platform.publicUrl}/settings`);
    const forgetful = visitors.browser("en");
    const login = await forgetful.open(`${platform.publicUrl}/login`);
    const recovery = await forgetful.click(login, "/recovery");
    const sent = await forgetful.submit(recovery, { email: ada });
    assertShows(sent, /an e-mail with a code is on its way/);
    const settings = await forgetful.submit(sent, { code: await visitors.codeFor(ada) });
    assertShows(settings, /Your e-mail address is confirmed\. Please choose a new password now/);
    assert.equal(await visitors.hasSession(intruder), false, "the other session ends before the new password");
    const refused = await visitors.setPassword(intruder, prepared, ada, "never-log-this-intruder-password");
    assert.equal(refused.url.pathname, "/login");
    assertShows(
      await visitors.setPassword(forgetful, settings, ada, "never-log-this-other-password"),
      /Your changes are saved/,
    );
    assert.equal(await visitors.hasSession(forgetful), true);
    await visitors.signedIn(ada);
  });

  it("end the sessions of all other browsers when a person sets a new password, also at the applications", async () => {
    const intruder = await visitors.signedIn(ada);
    const prepared = await intruder.open(`${platform.publicUrl}/settings`);
    const first = await odoo.begin();
    await first.finish(
      (await intruder.submit(await intruder.open(first.url), { password: visitors.passwordOf(ada) })).url,
    );
    const owner = await visitors.signedIn(ada);
    const settings = await owner.open(`${platform.publicUrl}/settings`);
    assertShows(
      await visitors.setPassword(owner, settings, ada, "never-log-this-third-password"),
      /Your changes are saved/,
    );
    assert.deepEqual([await visitors.hasSession(owner), await visitors.hasSession(intruder)], [true, false]);
    const refused = await visitors.setPassword(intruder, prepared, ada, "never-log-this-intruder-password");
    assert.equal(refused.url.pathname, "/login");
    const login = await intruder.open((await odoo.begin()).url);
    assertShows(login, /Sign in to continue to Odoo/);
    await visitors.signedIn(ada);
  });
});
