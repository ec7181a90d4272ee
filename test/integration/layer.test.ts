import assert from "node:assert/strict";
import { z } from "zod";
import { knownHost } from "../../sandbox/commands/known-host.ts";
import { stackName as sandboxStack } from "../../sandbox/commands/stack/folder.ts";
import { addHosts, removeHosts } from "../../sandbox/machine/hosts-file.ts";
import { Browser } from "./identity/browser.ts";
import { eventually } from "../support/eventually.ts";
import { fixtureEngine, fixtureEngineFails, FixtureStack } from "../support/fixture-stack.ts";
import { listPolicy, objectsOf } from "../support/layer-objects.ts";
import { newPerson, type Person } from "../support/people.ts";
import { engineSucceeds, foundationOutputs, iamOutputs, Kubectl, ensureSandboxIsUp } from "../support/sandbox.ts";
import { codeInMailbox, signUp } from "../support/sign-up.ts";
import { changedSettings, type Change } from "../support/stack-settings.ts";
import { removePolicy, loginWithPolicy } from "../support/vault.ts";
import { Web } from "../support/web.ts";

const layer = "notes";
const application = "https://notes.bibind.test/";
const owner = "bibind-test-layer";
const notesResponse = z.object({
  email: z.string(),
  key: z.string(),
  notes: z.array(z.object({ text: z.string(), database_user: z.string() })),
});

describe("a layer outside of the platform's list", function () {
  this.timeout(600_000);
  const stack = new FixtureStack();
  let kubectl: Kubectl;
  let web: Web;
  let vaultAddress: string;
  let signInUrl: string;
  let caCertificate: string;

  const objects = async (): Promise<string[]> =>
    objectsOf(layer, kubectl, await loginWithPolicy(kubectl, web, vaultAddress, owner, listPolicy(layer)));
  const waitUntilDeleted = (): Promise<void> =>
    eventually("all objects of the layer are deleted", 180, async () => assert.deepEqual(await objects(), []));

  /** Registers a person and signs the person in to the application. @returns a function that stores a note */
  async function signIn(person: Person): Promise<(text: string) => Promise<z.infer<typeof notesResponse>>> {
    const browser = new Browser(caCertificate, "en", "https://nowhere.invalid/");
    try {
      await signUp(browser, await browser.open(`${signInUrl}/registration`), person, codeInMailbox);
      let page = await browser.open(application);
      if (page.url.pathname === "/login") {
        page = await browser.submit(page, { password: person.password });
      }
      assert.equal(page.url.href, application, page.text);
      const cookie = await browser.cookies(application);
      return (text) => web.expect(notesResponse, application, { headers: { cookie }, json: text });
    } finally {
      await browser.close();
    }
  }

  /** The ingress controller needs some seconds until it knows a new Service. */
  const waitForApplication = (): Promise<void> =>
    eventually("the application answers", 60, async () => assert.equal((await web.request(application)).status, 303));

  /** Checks the sign-in of a person, that a leased database user stores a note, and that the key comes from Vault. */
  async function assertUsable(): Promise<void> {
    await waitForApplication();
    const person = newPerson();
    const store = await signIn(person);
    const { email, notes, key } = await store("a note");
    assert.equal(email, person.email);
    assert.match(notes[0]?.text ?? "", /a note/);
    assert.match(notes[0]?.database_user ?? "", /^v-/, "Vault did not create the database user");
    assert.match(key, /^[0-9a-f]{64}$/);
  }

  before(async () => {
    await ensureSandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    const foundation = await foundationOutputs();
    caCertificate = foundation.caCertificate;
    ({ vaultAddress, signInUrl } = await iamOutputs());
    web = new Web(caCertificate);
    await addHosts(owner, knownHost.address, [new URL(application).hostname]);
    await stack.create();
  });

  after(async () => {
    await stack.destroy("--ignore-protect");
    await stack.remove();
    await removePolicy(kubectl, web, vaultAddress, owner);
    await removeHosts(owner);
    await web.close();
  });

  it("can be a stack of its own that reads the outputs of the sandbox's stack", async () => {
    await stack.up();
    await assertUsable();
  });

  it("does not change when it is deployed again", async () => {
    assert.deepEqual(await stack.preview(), []);
  });

  it("shows only the resources of a new relation in a preview", async () => {
    const changes = await stack.preview({ "fixture:relation": "true" });
    assert.deepEqual(changes.sort(), ["create iam-kratos-from-notes-app", "create iam-kratos-from-notes-app-policy"]);
  });

  it("keeps every object when its stack is destroyed by mistake, and the message names what holds data", async () => {
    const before = await objects();
    const refusal = await fixtureEngineFails("destroy", "--yes", "--stack", FixtureStack.stackName);
    for (const name of ["notes-postgres-cluster", "notes-app-keyring-versions"]) {
      assert.match(refusal, new RegExp(`::${name}" cannot be deleted\\s+because it is protected`));
    }
    assert.deepEqual(await objects(), before);
  });

  it("leaves no object when its stack is destroyed on purpose", async () => {
    await stack.openProtection();
    await stack.up();
    assert.notDeepEqual(await objects(), []);
    await stack.destroy();
    await waitUntilDeleted();
  });

  const withLayer: Change = [["bibind:layers"], ["foundation", "iam", layer]];
  const updateSandbox = (...changes: readonly Change[]): readonly string[] => {
    const settings = changedSettings(...changes);
    return ["up", "--yes", "--skip-preview", "--stack", sandboxStack, "--config-file", settings];
  };

  it("can be a part of the sandbox's stack, and cannot be removed from it while its data is protected", async () => {
    try {
      await fixtureEngine(...updateSandbox(withLayer, [["bibind:protectData"], true]));
      await assertUsable();
      const refusal = await fixtureEngineFails(...updateSandbox([["bibind:protectData"], true]));
      assert.match(refusal, /bibind:layers does not name it any more; this would delete\s+notes: all notes/);
      await assertUsable();
    } finally {
      // The sandbox's own settings open the protection again, for the next test.
      await fixtureEngine(...updateSandbox(withLayer));
    }
  });

  it("leaves no object when it is removed from the sandbox's stack on purpose", async () => {
    await engineSucceeds("up", "--yes", "--skip-preview");
    await waitUntilDeleted();
  });
});
