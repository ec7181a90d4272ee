import assert from "node:assert/strict";
import { z } from "zod";
import { mailTo } from "../../integration/identity/mail.ts";
import { eventually } from "../../support/eventually.ts";
import { foundationOutputs, iamOutputs, ensureSandboxIsUp, type Iam } from "../../support/sandbox.ts";
import { People, newPerson, type Person } from "../../support/people.ts";
import { register } from "../../support/sign-up.ts";
import { Web } from "../../support/web.ts";

/** HTTP API of the mail catcher on the sandbox's machine. */
const mailbox = "http://mail.bibind.test:8025";

const discovery = z.object({ issuer: z.string(), token_endpoint: z.string(), jwks_uri: z.string() });

describe("sign-in on the sandbox", function () {
  this.timeout(600_000);
  let web: Web;
  let iam: Iam;
  let people: People;
  let caCertificate: string;

  /** A person with an account. */
  async function registered(): Promise<Person> {
    const person = newPerson();
    await register(iam.signInUrl, caCertificate, person);
    return person;
  }

  before(async () => {
    await ensureSandboxIsUp();
    iam = await iamOutputs();
    caCertificate = (await foundationOutputs()).caCertificate;
    web = new Web(caCertificate);
    people = new People(web, iam.signInUrl);
  });

  after(() => web.close());

  it("publishes its endpoints (OpenID Connect Discovery) with a certificate of the internal CA", async () => {
    const configuration = await web.expect(discovery, `${iam.issuer}/.well-known/openid-configuration`);
    assert.equal(configuration.issuer, "https://auth.bibind.test");
    assert.equal(configuration.token_endpoint, "https://auth.bibind.test/oauth2/token");
  });

  it("lets a person register and sign in, and identifies the person", async () => {
    const person = await registered();
    assert.equal(await people.signedInAs(await people.signIn(person)), person.email);
  });

  it("refuses a wrong password and an unknown session", async () => {
    const person = await registered();
    await assert.rejects(people.signIn({ ...person, password: "another password" }), /answered 400/);
    await assert.rejects(people.signedInAs("ory_kratos_session=nobody"), /shows no session/);
  });

  it("lets a person recover the account with a code from a mail", async () => {
    const person = await registered();
    const before = await mailTo(mailbox, person.email);
    const flow = await people.requestRecovery(person.email);
    const code = await eventually("another mail with a code arrives", 60, async () => {
      const [latest, ...others] = await mailTo(mailbox, person.email);
      assert.equal(others.length, before.length);
      const found = /\b\d{6}\b/.exec(latest?.text ?? "")?.[0];
      assert(found !== undefined, "the mail contains no code");
      return found;
    });
    assert.match(JSON.stringify(await people.submitCode(flow, "000000")), /code is invalid/);
    assert.match(JSON.stringify(await people.submitCode(flow, code)), /passed_challenge|settings/);
  });

  it("shows its pages in French and in English", async () => {
    const page = async (language: string): Promise<string> => {
      const response = await web.request(`${iam.signInUrl}/login`, {
        headers: { accept: "text/html", "accept-language": language },
      });
      assert.equal(response.status, 303, "a page without a flow redirects to Kratos, which begins one");
      return response.headers.get("location") ?? "";
    };
    assert.match(await page("fr"), /\/self-service\/login\/browser/);
    const { body } = await web.request(`${iam.signInUrl}/error`, {
      headers: { accept: "text/html", "accept-language": "fr" },
    });
    const english = await web.request(`${iam.signInUrl}/error`, {
      headers: { accept: "text/html", "accept-language": "en" },
    });
    assert.match(String(body), /lang="fr"/);
    assert.match(String(english.body), /lang="en"/);
  });
});
