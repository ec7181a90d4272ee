import assert from "node:assert/strict";
import { z } from "zod";
import { mailTo } from "../../integration/identity/mail.ts";
import { eventually } from "../../support/eventually.ts";
import { foundationOutputs, iamOutputs, sandboxIsUp, type Iam } from "../../support/sandbox.ts";
import { People, somebody } from "../../support/people.ts";
import { Web } from "../../support/web.ts";

/** Where the sandbox's machine keeps the mail that it caught. */
const mailbox = "http://mail.bibind.test:8025";

const discovery = z.object({ issuer: z.string(), token_endpoint: z.string(), jwks_uri: z.string() });

describe("signing in on the sandbox", function () {
  this.timeout(600_000);
  let web: Web;
  let iam: Iam;
  let people: People;

  before(async () => {
    await sandboxIsUp();
    iam = await iamOutputs();
    web = new Web((await foundationOutputs()).caCertificate);
    people = new People(web, iam.signInUrl);
  });

  after(() => web.close());

  it("tells programs where to sign in, with a certificate of the internal CA", async () => {
    const told = await web.expect(discovery, `${iam.issuer}/.well-known/openid-configuration`);
    assert.equal(told.issuer, "https://auth.bibind.test");
    assert.equal(told.token_endpoint, "https://auth.bibind.test/oauth2/token");
  });

  it("lets a person register and sign in, and knows who it is", async () => {
    const person = somebody();
    await people.register(person);
    const { active, identity } = await people.whoami(await people.signIn(person));
    assert.equal(active, true);
    assert.equal(identity.traits.email, person.email);
  });

  it("refuses a wrong password, and a session that nobody has", async () => {
    const person = somebody();
    await people.register(person);
    await assert.rejects(people.signIn({ ...person, password: "another password" }), /answered 400/);
    await assert.rejects(people.whoami("nobody's token"), /answered 401/);
  });

  it("lets a person back in by a code that comes by mail", async () => {
    const person = somebody();
    await people.register(person);
    const action = await people.askForRecovery(person.email);
    const code = await eventually("a code comes by mail", 60, async () => {
      const texts = (await mailTo(mailbox, person.email)).map(({ text }) => text);
      const found = texts.flatMap((text) => (/recover/i.test(text) ? (/\b\d{6}\b/.exec(text) ?? []) : []))[0];
      assert(found !== undefined, "no code among the mail");
      return found;
    });
    assert.match(JSON.stringify(await people.giveCode(action, "000000")), /code is invalid/);
    assert.match(JSON.stringify(await people.giveCode(action, code)), /passed_challenge|settings/);
  });

  it("shows its pages in French and in English", async () => {
    const page = async (language: string): Promise<string> => {
      const begun = await web.ask(`${iam.signInUrl}/login`, {
        headers: { accept: "text/html", "accept-language": language },
      });
      assert.equal(begun.status, 303, "a page without a flow sends people to Kratos for one");
      return begun.headers.get("location") ?? "";
    };
    assert.match(await page("fr"), /\/self-service\/login\/browser/);
    const { body } = await web.ask(`${iam.signInUrl}/error`, {
      headers: { accept: "text/html", "accept-language": "fr" },
    });
    const english = await web.ask(`${iam.signInUrl}/error`, {
      headers: { accept: "text/html", "accept-language": "en" },
    });
    assert.match(String(body), /lang="fr"/);
    assert.match(String(english.body), /lang="en"/);
  });
});
