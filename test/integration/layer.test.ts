import assert from "node:assert/strict";
import { z } from "zod";
import { knownHost } from "../../sandbox/commands/known-host.ts";
import { stackName as sandboxStack } from "../../sandbox/commands/stack/folder.ts";
import { addHosts, removeHosts } from "../../sandbox/machine/hosts-file.ts";
import { Browser } from "./identity/browser.ts";
import { eventually } from "../support/eventually.ts";
import { fixtureEngine, FixtureStack } from "../support/fixture-stack.ts";
import { tracesOf, tracesPolicy } from "../support/layer-traces.ts";
import { somebody, type Person } from "../support/people.ts";
import { engineSucceeds, foundationOutputs, iamOutputs, Kubectl, sandboxIsUp } from "../support/sandbox.ts";
import { changedSettings } from "../support/stack-settings.ts";
import { forgetPolicy, withPolicy } from "../support/vault.ts";
import { Web } from "../support/web.ts";

const layer = "notes";
const application = "https://notes.bibind.test/";
const owner = "bibind-test-layer";
const answer = z.object({
  email: z.string(),
  key: z.string(),
  notes: z.array(z.object({ text: z.string(), database_user: z.string() })),
});

describe("a layer that is not in the platform's list", function () {
  this.timeout(600_000);
  const stack = new FixtureStack();
  let kubectl: Kubectl;
  let web: Web;
  let vaultAddress: string;
  let signInUrl: string;
  let authority: string;

  const traces = async (): Promise<string[]> =>
    tracesOf(layer, kubectl, await withPolicy(kubectl, web, vaultAddress, owner, tracesPolicy(layer)));
  const nothingIsLeft = (): Promise<void> =>
    eventually("nothing of the layer is left", 180, async () => assert.deepEqual(await traces(), []));

  /** Registers a person, signs them in to the application, and returns a request with their session. */
  async function signedIn(
    person: Person,
  ): Promise<(request?: { readonly text?: string }) => Promise<z.infer<typeof answer>>> {
    const browser = new Browser(authority, "en", "https://nowhere.invalid/");
    try {
      const names = { "traits.email": person.email, "traits.name.first": "Ada", "traits.name.last": "Lovelace" };
      const credentials = await browser.submit(await browser.open(`${signInUrl}/registration`), names, "profile");
      await browser.submit(credentials, { password: person.password }, "password");
      let page = await browser.open(application);
      if (page.url.pathname === "/login") {
        page = await browser.submit(page, { password: person.password });
      }
      assert.equal(page.url.href, application, page.text);
      const cookie = await browser.cookies(application);
      return async ({ text } = {}) =>
        web.expect(answer, application, { headers: { cookie }, ...(text === undefined ? {} : { json: text }) });
    } finally {
      await browser.close();
    }
  }

  /** The ingress controller needs some seconds until it knows a new Service. */
  const answers = (): Promise<void> =>
    eventually("the application answers", 60, async () => assert.equal((await web.ask(application)).status, 303));

  /** A person signs in, stores a note through a leased user and finds the key of Vault. */
  async function isUsable(): Promise<void> {
    await answers();
    const person = somebody();
    const ask = await signedIn(person);
    const { email, notes, key } = await ask({ text: "a note" });
    assert.equal(email, person.email);
    assert.match(notes[0]?.text ?? "", /a note/);
    assert.match(notes[0]?.database_user ?? "", /^v-/, "Vault did not make the database user");
    assert.match(key, /^[0-9a-f]{64}$/);
  }

  before(async () => {
    await sandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    const foundation = await foundationOutputs();
    authority = foundation.caCertificate;
    ({ vaultAddress, signInUrl } = await iamOutputs());
    web = new Web(authority);
    await addHosts(owner, knownHost.address, [new URL(application).hostname]);
    await stack.create();
  });

  after(async () => {
    await stack.destroy();
    await stack.remove();
    await forgetPolicy(kubectl, web, vaultAddress, owner);
    await removeHosts(owner);
    await web.close();
  });

  it("is deployed as a stack of its own, on the outputs of the sandbox's stack", async () => {
    await stack.up();
    await isUsable();
  });

  it("changes nothing when it is deployed again", async () => {
    assert.deepEqual(await stack.preview(), []);
  });

  it("previews the resources of one more relation, and no other change", async () => {
    const changes = await stack.preview({ "fixture:relation": "true" });
    assert.deepEqual(changes.sort(), ["create iam-kratos-from-notes-app", "create iam-kratos-from-notes-app-policy"]);
  });

  it("is destroyed without a trace", async () => {
    assert.notDeepEqual(await traces(), []);
    await stack.destroy();
    await nothingIsLeft();
  });

  it("is deployed as a part of one stack, and removed from it without a trace", async () => {
    const settings = changedSettings([["bibind:layers"], ["foundation", "iam", layer]]);
    await fixtureEngine("up", "--yes", "--skip-preview", "--stack", sandboxStack, "--config-file", settings);
    await isUsable();
    await engineSucceeds("up", "--yes", "--skip-preview");
    await nothingIsLeft();
  });
});
