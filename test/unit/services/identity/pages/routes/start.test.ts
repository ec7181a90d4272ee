import assert from "node:assert/strict";
import { parse, type HTMLElement } from "node-html-parser";
import { oauthClientSpec } from "../../../../../../services/identity/clients/custom-resource.ts";
import { desiredClient } from "../../../../../../services/identity/clients/desired.ts";
import type { App } from "../../../../../../services/identity/pages/request.ts";
import { freePort } from "../../../../../support/free-port.ts";
import { FakeOry, pagesWith } from "../../../../../support/pages.ts";

const secret = "a-secret-of-at-least-32-characters";
const whoami = {
  id: "session-of-ada",
  active: true,
  identity: {
    id: "ada",
    schema_id: "person",
    schema_url: "",
    traits: { email: "ada@bibind.test", name: { first: "Ada", last: "Lovelace" } },
    verifiable_addresses: [{ value: "ada@bibind.test", verified: true, via: "email", status: "completed" }],
  },
};

/** A client in Hydra whose application has a page for these roles. Nothing answers for its state. */
async function client(clientId: string, roles: readonly string[]): Promise<object> {
  const spec = oauthClientSpec.parse({
    clientId,
    name: clientId,
    grantTypes: ["client_credentials"],
    scopes: ["read"],
  });
  const uri = `https://${clientId}.bibind.test/`;
  const healthUri = `https://127.0.0.1:${await freePort()}/`;
  const home = { uri, healthUri, purpose: { en: "In English", fr: "En français" }, roles: [...roles] };
  return desiredClient({ ...spec, home }, { namespace: "test", name: clientId }, undefined);
}

describe("the start page", () => {
  let ory: FakeOry;
  let app: App;

  beforeEach(async () => {
    const clients = [await client("notes", []), await client("reports", []), await client("audit", ["auditor"])];
    ory = new FakeOry({ "GET /sessions/whoami": whoami, "GET /admin/clients": [{ client_id: "by-hand" }, ...clients] });
    app = await pagesWith(ory, secret);
  });

  afterEach(() => app.close());

  async function open(
    language: string,
    cookie?: string,
  ): Promise<{ readonly root: HTMLElement; readonly body: string }> {
    const headers = { host: "auth.test", "accept-language": language, ...(cookie === undefined ? {} : { cookie }) };
    const { statusCode, body } = await app.inject({ url: "/", headers });
    assert.equal(statusCode, 200, body);
    return { root: parse(body), body };
  }

  for (const [language, title, signIn] of [
    ["fr-FR,fr;q=0.9", "Bienvenue sur Bibind", "Se connecter"],
    ["en-GB", "Welcome to Bibind", "Sign in"],
  ] as const) {
    it(`says what the platform is and where to sign in, to a browser with the language ${language}`, async () => {
      const { root } = await open(language);
      assert.equal(root.querySelector("h1")?.text, title);
      assert.equal(root.querySelector("html")?.getAttribute("lang"), language.slice(0, 2));
      assert.equal(root.querySelector('a[href="/login"]')?.text.trim(), signIn);
      assert(root.querySelector('a[href="/registration"]') !== null);
      assert.match(root.querySelector(".card p")?.text ?? "", /plateforme Bibind\.|Bibind platform\./);
    });
  }

  it("reads nothing, and names no application, for a visitor without a session", async () => {
    const { body } = await open("en");
    assert.deepEqual(ory.requests, []);
    assert.doesNotMatch(body, /notes|audit|Your applications|Sign out/);
  });

  it("shows a person the applications that the person may use, with their state, and no other", async () => {
    const { root, body } = await open("en", "ory_kratos_session=session");
    const shown = root
      .querySelectorAll(".applications li")
      .map((item) => [item.querySelector("a")?.getAttribute("href"), item.querySelector(".state")?.text]);
    assert.deepEqual(shown, [
      ["https://notes.bibind.test/", "Not available"],
      ["https://reports.bibind.test/", "Not available"],
    ]);
    assert.doesNotMatch(body, /audit|by-hand/);
    assert(root.querySelector('a[href="/logout"]') !== null);
  });

  for (const url of ["/", "/login?flow=1", "/nowhere"]) {
    it(`is where every path of the second host leads: ${url}`, async () => {
      const { statusCode, headers } = await app.inject({ url, headers: { host: "welcome.test" } });
      assert.deepEqual([statusCode, headers.location], [303, "https://auth.test/"]);
      assert.match(String(headers["strict-transport-security"]), /^max-age=\d{8}/);
    });
  }

  it("answers the probes of kubelet, which name no host", async () => {
    const { statusCode } = await app.inject({ url: "/health/ready", headers: { host: "10.1.2.3:8443" } });
    assert.equal(statusCode, 200);
  });
});
