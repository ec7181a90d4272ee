import assert from "node:assert/strict";
import { ask, FakeOry, pagesWith, reply } from "../../../../../support/pages.ts";

const secret = "a-secret-of-at-least-32-characters";
const url = "/consent?consent_challenge=c";
const accept = "PUT /admin/oauth2/auth/requests/consent/accept";
const reject = "PUT /admin/oauth2/auth/requests/consent/reject";

/** Hydra with a request of an application for the consent of Ada. */
const ory = (consent: object = {}): FakeOry =>
  new FakeOry({
    "GET /admin/oauth2/auth/requests/consent": {
      challenge: "c",
      subject: "ada",
      client: { client_name: "Odoo" },
      requested_scope: ["openid", "email"],
      ...consent,
    },
    "GET /admin/identities/ada": {
      id: "ada",
      schema_id: "person",
      schema_url: "",
      state: "active",
      traits: { email: "ada@bibind.test" },
    },
    [accept]: { redirect_to: "https://odoo.test/callback" },
    [reject]: { redirect_to: "https://odoo.test/callback?error=access_denied" },
  });

const decisions = ({ requests }: FakeOry): string[] => requests.filter((request) => [accept, reject].includes(request));

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
});
