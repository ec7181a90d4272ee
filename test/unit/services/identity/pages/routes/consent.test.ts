import assert from "node:assert/strict";
import { parse } from "node-html-parser";
import { z } from "zod";
import type { PagesConfig } from "../../../../../../services/identity/pages/config.ts";
import { ask, FakeOry, pagesWith, reply } from "../../../../../support/pages.ts";

const secret = "a-secret-of-at-least-32-characters";
const url = "/consent?consent_challenge=c";
const accept = "PUT /admin/oauth2/auth/requests/consent/accept";
const reject = "PUT /admin/oauth2/auth/requests/consent/reject";

const ada = {
  id: "ada",
  schema_id: "person",
  schema_url: "",
  state: "active",
  traits: { email: "ada@bibind.test" },
  verifiable_addresses: [{ value: "ada@bibind.test", verified: true, via: "email", status: "completed" }],
};

/** Hydra with a request of an application for the consent of Ada, and Kratos with a session. */
const ory = (consent: object = {}, session: object = {}): FakeOry =>
  new FakeOry({
    "GET /sessions/whoami": { id: "session", authenticator_assurance_level: "aal2", identity: ada, ...session },
    "GET /admin/oauth2/auth/requests/consent": {
      challenge: "c",
      subject: "ada",
      client: { client_name: "Odoo" },
      requested_scope: ["openid", "email"],
      ...consent,
    },
    "GET /admin/identities/ada": ada,
    [accept]: { redirect_to: "https://odoo.test/callback" },
    [reject]: { redirect_to: "https://odoo.test/callback?error=access_denied" },
  });

const decisions = ({ requests }: FakeOry): string[] => requests.filter((request) => [accept, reject].includes(request));

const accepted = z.object({ session: z.object({ id_token: z.unknown() }) });

/** The claims of the ID token that Hydra was told to give. */
const claims = ({ bodies }: FakeOry): unknown => accepted.parse(bodies.get(accept)).session.id_token;

describe("the page /consent", () => {
  for (const [decision, request] of [
    ["allow", accept],
    ["deny", reject],
  ] as const) {
    it(`tells Hydra the decision "${decision}" of a form with its token and its cookie`, async () => {
      const servers = ory();
      const app = await pagesWith(servers, secret);
      const question = await ask(app, url);
      assert.deepEqual(decisions(servers), []);
      assert.equal(await reply(app, "/consent", question, { decision }), 303);
      assert.deepEqual(decisions(servers), [request]);
    });
  }

  it("decides nothing for a form of another site, which has no token or no cookie", async () => {
    const servers = ory();
    const app = await pagesWith(servers, secret);
    const question = await ask(app, url);
    const { _csrf: token = "", ...others } = question.fields;
    assert(token.length > 20);
    for (const forged of [
      { ...question, fields: others },
      { ...question, fields: { ...others, _csrf: "forged" } },
      { ...question, setCookie: "" },
    ]) {
      assert.equal(await reply(app, "/consent", forged, { decision: "allow" }), 403);
    }
    assert.deepEqual(decisions(servers), []);
  });

  it("asks nobody when the application needs no consent", async () => {
    const servers = ory({ client: { skip_consent: true } });
    const { statusCode } = await (await pagesWith(servers, secret)).inject({ url });
    assert.equal(statusCode, 303);
    assert.deepEqual(decisions(servers), [accept]);
  });

  describe("for a role that needs a second factor", () => {
    const rules: Partial<PagesConfig> = {
      groups: { operator: ["ada@bibind.test"], auditor: [], developer: [] },
      secondFactor: ["operator"],
    };
    const consent = {
      client: { skip_consent: true },
      requested_scope: ["openid", "groups"],
      request_url: "https://auth.test/oauth2/auth?state=1",
    };
    const headers = { cookie: "ory_kratos_session=session" };

    it("gives the role to a session with one", async () => {
      const servers = ory(consent);
      await (await pagesWith(servers, secret, { changes: rules })).inject({ url, headers });
      assert.deepEqual(decisions(servers), [accept]);
      assert.deepEqual(claims(servers), { groups: ["operator"] });
    });

    for (const [whose, session] of [
      ["without one", { authenticator_assurance_level: "aal1" }],
      ["of another account", { identity: { ...ada, id: "bob" } }],
    ] as const) {
      it(`withholds it from a session ${whose}, and leads to its set-up and back`, async () => {
        const servers = ory(consent, session);
        const app = await pagesWith(servers, secret, { changes: rules });
        const { body } = await app.inject({ url, headers });
        const links = parse(body)
          .querySelectorAll("a")
          .map((link) => link.getAttribute("href"));
        const back = new URLSearchParams({ return_to: consent.request_url }).toString();
        assert.deepEqual(links, [`/self-service/settings/browser?${back}`]);
        assert.deepEqual(decisions(servers), []);
        assert.equal(await reply(app, "/consent", await ask(app, url), { decision: "allow" }), 303);
        assert.deepEqual(claims(servers), { groups: [] });
      });
    }
  });
});
