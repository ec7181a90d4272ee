import assert from "node:assert/strict";
import { z } from "zod";
import { Browser, type Page } from "../../integration/identity/browser.ts";
import { mailTo } from "../../integration/identity/mail.ts";
import { eventually } from "../../support/eventually.ts";
import { somebody, type Person } from "../../support/people.ts";
import { engineSucceeds, foundationOutputs, iamOutputs, sandboxIsUp, type Iam } from "../../support/sandbox.ts";
import { changedSettings } from "../../support/stack-settings.ts";
import { VaultClient } from "../../support/vault.ts";
import { Web } from "../../support/web.ts";

const mailbox = "http://mail.bibind.test:8025";
const begun = z.object({ data: z.object({ auth_url: z.string() }) });
const signedIn = z.object({
  auth: z.object({ client_token: z.string(), policies: z.array(z.string()) }),
});

describe("people and their roles on the sandbox", function () {
  this.timeout(600_000);
  let web: Web;
  let iam: Iam;
  let refusedMeanwhile: string[] = [];
  let authority: string;
  const operator = somebody();
  const auditor = somebody();
  const developer = somebody();
  const nobody = somebody();
  const unverified = somebody();
  const browsers: Browser[] = [];

  const callback = (): string => `${iam.vaultAddress}/ui/vault/auth/oidc/oidc/callback`;

  const codeFor = ({ email }: Person): Promise<string> =>
    eventually("a code comes by mail", 60, async () => {
      const [latest] = await mailTo(mailbox, email);
      const code = /\b\d{6}\b/.exec(latest?.text ?? "")?.[0];
      assert(code !== undefined, "no code among the mail");
      return code;
    });

  /** Opens the first page again and again until it is enough; what came in its place. */
  async function refusals(isEnough: () => boolean): Promise<string[]> {
    const refused: string[] = [];
    while (!isEnough()) {
      const answer = await web.ask(`${iam.signInUrl}/`).catch(String);
      if (typeof answer === "string" || answer.status >= 400) {
        refused.push(typeof answer === "string" ? answer : `${answer.status} ${String(answer.body)}`);
      }
    }
    return refused;
  }

  /** Registers in a browser as people do; with the code from the mail, or without. */
  async function registered(person: Person, verifies: boolean): Promise<Browser> {
    const browser = new Browser(authority, "fr-FR,fr;q=0.9", callback());
    browsers.push(browser);
    const names = { "traits.email": person.email, "traits.name.first": "Ada", "traits.name.last": "Lovelace" };
    const credentials = await browser.submit(await browser.open(`${iam.signInUrl}/registration`), names, "profile");
    const verification = await browser.submit(credentials, { password: person.password }, "password");
    if (verifies) {
      await browser.submit(verification, { code: await codeFor(person) });
    }
    return browser;
  }

  /** Signs in to Vault by the platform's sign-in. @returns the policies that Vault gives, and Vault as the person sees it */
  async function inVault(browser: Browser, person: Person) {
    const { data } = await web.expect(begun, `${iam.vaultAddress}/v1/auth/oidc/oidc/auth_url`, {
      json: { role: "person", redirect_uri: callback() },
    });
    let page: Page = await browser.open(data.auth_url);
    if (page.url.pathname === "/login") {
      page = await browser.submit(page, { password: person.password });
    }
    assert(page.url.href.startsWith(callback()), `${page.url.href}: ${page.text}`);
    const { auth } = await web.expect(signedIn, `${iam.vaultAddress}/v1/auth/oidc/oidc/callback${page.url.search}`);
    return { policies: auth.policies, vault: new VaultClient(web, iam.vaultAddress, auth.client_token) };
  }

  before(async () => {
    await sandboxIsUp();
    iam = await iamOutputs();
    authority = (await foundationOutputs()).caCertificate;
    web = new Web(authority);
    const people = {
      operator: [operator.email, unverified.email],
      auditor: [auditor.email],
      developer: [developer.email],
    };
    const settings = changedSettings([["bibind:iam", "people"], people]);
    let deployed = false;
    const deployment = engineSucceeds("up", "--yes", "--skip-preview", "--config-file", settings);
    const refused = refusals(() => deployed);
    await deployment;
    deployed = true;
    refusedMeanwhile = await refused;
  });

  after(async () => {
    await engineSucceeds("up", "--yes", "--skip-preview");
    await Promise.all([...browsers, web].map((each) => each.close()));
  });

  it("takes no moment in which nobody can sign in", () => {
    assert.deepEqual(refusedMeanwhile, []);
  });

  it("lets an operator see how Vault stands, and read no secret", async () => {
    const { policies, vault } = await inVault(await registered(operator, true), operator);
    assert(policies.includes("operator"), policies.join());
    assert.equal((await vault.ask("sys/mounts")).status, 200);
    assert.equal((await vault.ask("kv/data/iam/hydra")).status, 403);
    assert.equal((await vault.ask("sys/seal", { json: {} })).status, 403);
  });

  it("lets an auditor read the configuration, and change nothing", async () => {
    const { policies, vault } = await inVault(await registered(auditor, true), auditor);
    assert.deepEqual(policies.toSorted(), ["auditor", "default"]);
    assert.equal((await vault.ask("sys/policies/acl/pulumi")).status, 200);
    assert.equal((await vault.ask("sys/policies/acl/pulumi", { json: { policy: "" } })).status, 403);
    assert.equal((await vault.ask("kv/data/iam/hydra")).status, 403);
  });

  it("gives a developer a folder of secrets, and no other's", async () => {
    const { vault } = await inVault(await registered(developer, true), developer);
    const { entity_id: own } = z.object({ entity_id: z.string() }).parse(await vault.must("auth/token/lookup-self"));
    await vault.must(`kv/data/developers/${own}/note`, { json: { data: { word: "mine" } } });
    assert.equal((await vault.ask(`kv/data/developers/${own}/note`)).status, 200);
    assert.equal((await vault.ask("kv/data/developers/somebody-else/note")).status, 403);
    await vault.must(`kv/metadata/developers/${own}/note`, { method: "DELETE" });
  });

  it("gives nothing to who is in no role, nor to who has not shown that the address is his", async () => {
    for (const [person, verifies] of [
      [nobody, true],
      [unverified, false],
    ] as const) {
      const { policies, vault } = await inVault(await registered(person, verifies), person);
      assert.deepEqual(policies, ["default"]);
      assert.equal((await vault.ask("sys/mounts")).status, 403);
    }
  });
});
