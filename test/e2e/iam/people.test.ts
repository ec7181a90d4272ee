import assert from "node:assert/strict";
import { z } from "zod";
import { Browser, type Page } from "../../integration/identity/browser.ts";
import { AuthenticatorApp } from "../../support/second-factor.ts";
import { newPerson, type Person } from "../../support/people.ts";
import { engineSucceeds, foundationOutputs, iamOutputs, ensureSandboxIsUp, type Iam } from "../../support/sandbox.ts";
import { codeInMailbox, signUp } from "../../support/sign-up.ts";
import { changedSettings } from "../../support/stack-settings.ts";
import { VaultClient } from "../../support/vault.ts";
import { Web } from "../../support/web.ts";

const begun = z.object({ data: z.object({ auth_url: z.string() }) });
const signedIn = z.object({
  auth: z.object({ client_token: z.string(), policies: z.array(z.string()) }),
});

describe("roles of people on the sandbox", function () {
  this.timeout(600_000);
  let web: Web;
  let iam: Iam;
  let duringUpdate: Awaited<ReturnType<typeof ask>>;
  let caCertificate: string;
  const operator = newPerson();
  const auditor = newPerson();
  const developer = newPerson();
  const withoutRole = newPerson();
  const unverified = newPerson();
  const browsers: Browser[] = [];

  const callback = (): string => `${iam.vaultAddress}/ui/vault/auth/oidc/oidc/callback`;

  /** Asks the pages, Kratos and Hydra in turn until `isOver` returns true. @returns the rounds, and each failed request */
  async function ask(
    isOver: () => boolean,
  ): Promise<{ readonly rounds: number; readonly failures: readonly string[] }> {
    const failures: string[] = [];
    let rounds = 0;
    for (; !isOver(); rounds += 1) {
      for (const path of ["/", "/self-service/login/browser", "/.well-known/jwks.json"]) {
        const response = await web.request(`${iam.signInUrl}${path}`).catch(String);
        if (typeof response === "string" || response.status >= 400) {
          const what = typeof response === "string" ? response : `${response.status} ${String(response.body)}`;
          failures.push(`${path}: ${what}`);
        }
      }
    }
    return { rounds, failures };
  }

  /** Registers a person in a browser. @returns the browser, in which the person is signed in */
  async function register(person: Person): Promise<Browser> {
    const browser = new Browser(caCertificate, "fr-FR,fr;q=0.9", callback());
    browsers.push(browser);
    await signUp(browser, await browser.open(`${iam.signInUrl}/registration`), person, codeInMailbox);
    return browser;
  }

  /** Registers a person who sets up a second factor. */
  async function registerWithApp(person: Person) {
    const browser = await register(person);
    const settings = await browser.open(`${iam.signInUrl}/settings`);
    return { browser, app: (await AuthenticatorApp.setUp(browser, settings)).app };
  }

  /**
   * Signs a person in to Vault through Hydra and Kratos.
   *
   * @param app - second factor of the person; default: none
   * @returns the person's policies, and a client with them
   */
  async function signInToVault(browser: Browser, person: Person, app?: AuthenticatorApp) {
    const { data } = await web.expect(begun, `${iam.vaultAddress}/v1/auth/oidc/oidc/auth_url`, {
      json: { role: "person", redirect_uri: callback() },
    });
    let page: Page = await browser.open(data.auth_url);
    if (page.url.pathname === "/login") {
      page = await browser.submit(page, { password: person.password });
    }
    if (page.url.pathname === "/login" && app !== undefined) {
      page = await browser.submit(page, { totp_code: app.nextCode() });
    }
    if (page.url.pathname === "/consent") {
      // The sign-in gives no role, because the person has no second factor.
      page = await browser.submit(page, {}, "allow");
    }
    assert(page.url.href.startsWith(callback()), `${page.url.href}: ${page.text}`);
    const { auth } = await web.expect(signedIn, `${iam.vaultAddress}/v1/auth/oidc/oidc/callback${page.url.search}`);
    return { policies: auth.policies, vault: new VaultClient(web, iam.vaultAddress, auth.client_token) };
  }

  before(async () => {
    await ensureSandboxIsUp();
    iam = await iamOutputs();
    caCertificate = (await foundationOutputs()).caCertificate;
    web = new Web(caCertificate);
    const people = {
      operator: [operator.email, unverified.email],
      auditor: [auditor.email],
      developer: [developer.email],
    };
    const settings = changedSettings([["bibind:iam", "people"], people]);
    let isOver = false;
    const deployment = engineSucceeds("up", "--yes", "--skip-preview", "--config-file", settings);
    const asking = ask(() => isOver);
    await deployment.finally(() => {
      isOver = true;
    });
    duringUpdate = await asking;
  });

  after(async () => {
    await engineSucceeds("up", "--yes", "--skip-preview");
    await Promise.all([...browsers, web].map((each) => each.close()));
  });

  it("can change while the sign-in pages, Kratos and Hydra stay available", () => {
    assert.deepEqual(duringUpdate.failures, []);
    assert(duringUpdate.rounds >= 20, `only ${duringUpdate.rounds} rounds of requests`);
  });

  it("are reached from Vault's page, which lists the sign-in of people to everybody", async () => {
    const listed = z.object({ data: z.object({ auth: z.record(z.string(), z.object({ description: z.string() })) }) });
    const { data } = await web.expect(listed, `${iam.vaultAddress}/v1/sys/internal/ui/mounts`);
    assert.deepEqual(Object.keys(data.auth), ["oidc/"]);
    assert.equal(data.auth["oidc/"]?.description, "Bibind account");
  });

  it("let an operator read the state of Vault, but no secret", async () => {
    const { browser, app } = await registerWithApp(operator);
    const { policies, vault } = await signInToVault(browser, operator, app);
    assert(policies.includes("operator"), policies.join());
    assert.equal((await vault.request("sys/mounts")).status, 200);
    assert.equal((await vault.request("kv/data/iam/hydra")).status, 403);
    assert.equal((await vault.request("sys/seal", { json: {} })).status, 403);
  });

  it("let an auditor read the configuration, but change nothing", async () => {
    const browser = await register(auditor);
    assert.deepEqual((await signInToVault(browser, auditor)).policies, ["default"], "the role needs a second factor");
    const { app } = await AuthenticatorApp.setUp(browser, await browser.open(`${iam.signInUrl}/settings`));
    const { policies, vault } = await signInToVault(browser, auditor, app);
    assert.deepEqual(policies.toSorted(), ["auditor", "default"]);
    assert.equal((await vault.request("sys/policies/acl/pulumi")).status, 200);
    assert.equal((await vault.request("sys/policies/acl/pulumi", { json: { policy: "" } })).status, 403);
    assert.equal((await vault.request("kv/data/iam/hydra")).status, 403);
  });

  it("let a developer use a folder of secrets, but not the folders of others", async () => {
    const { vault } = await signInToVault(await register(developer), developer);
    const { entity_id: own } = z
      .object({ entity_id: z.string() })
      .parse(await vault.requestData("auth/token/lookup-self"));
    await vault.requestData(`kv/data/developers/${own}/note`, { json: { data: { word: "mine" } } });
    assert.equal((await vault.request(`kv/data/developers/${own}/note`)).status, 200);
    assert.equal((await vault.request("kv/data/developers/somebody-else/note")).status, 403);
    await vault.requestData(`kv/metadata/developers/${own}/note`, { method: "DELETE" });
  });

  it("give no rights to a person without a role, nor to one who enters an address without its code", async () => {
    const browser = await register(withoutRole);
    const assertNoRights = async (): Promise<void> => {
      const { policies, vault } = await signInToVault(browser, withoutRole);
      assert.deepEqual(policies, ["default"]);
      assert.equal((await vault.request("sys/mounts")).status, 403);
    };
    await assertNoRights();
    const address = await browser.open(`${iam.signInUrl}/address`);
    const sent = await browser.submit(address, { "traits.email": unverified.email });
    assert.equal(sent.url.pathname, "/address/code", sent.text);
    await assertNoRights();
  });
});
