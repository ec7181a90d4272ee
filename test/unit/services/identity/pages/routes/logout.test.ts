import assert from "node:assert/strict";
import { ask, FakeOry, pagesWith, reply } from "../../../../../support/pages.ts";

const secret = "a-secret-of-at-least-32-characters";
const whoami = {
  id: "session-of-ada",
  active: true,
  identity: { id: "ada", schema_id: "person", schema_url: "", traits: { email: "ada@bibind.test" } },
};
const accepted = { redirect_to: "https://odoo.test/signed-out" };

/** Kratos with a session of Ada, and Hydra with a request to sign a subject out. */
const ory = (logout: object): FakeOry =>
  new FakeOry({
    "GET /sessions/whoami": whoami,
    "GET /admin/oauth2/auth/requests/logout": { challenge: "c", ...logout },
    "PUT /admin/oauth2/auth/requests/logout/accept": accepted,
    "DELETE /admin/sessions/session-of-ada": {},
  });

const signOut = { url: "/logout?logout_challenge=c", headers: { cookie: "ory_kratos_session=session" } };
const endOfSession = "DELETE /admin/sessions/session-of-ada";
const acceptance = "PUT /admin/oauth2/auth/requests/logout/accept";

describe("the page /logout", () => {
  it("ends the session of the person whom an application signs out", async () => {
    const servers = ory({ subject: "ada", rp_initiated: true });
    const { statusCode, headers } = await (await pagesWith(servers, secret)).inject(signOut);
    assert.deepEqual([statusCode, headers.location], [303, accepted.redirect_to]);
    assert(servers.requests.includes(endOfSession) && servers.requests.includes(acceptance));
  });

  for (const subject of ["bob", ""]) {
    it(`keeps the session of a person when an application signs ${subject === "" ? "nobody" : "another one"} out`, async () => {
      for (const initiated of [true, false]) {
        const servers = ory({ subject, rp_initiated: initiated });
        const { statusCode } = await (await pagesWith(servers, secret)).inject(signOut);
        assert.equal(statusCode, 303);
        assert(!servers.requests.includes(endOfSession) && servers.requests.includes(acceptance));
      }
    });
  }

  it("asks the person when the request does not come from an application", async () => {
    const servers = ory({ subject: "ada", rp_initiated: false });
    const app = await pagesWith(servers, secret);
    const question = await ask(app, signOut.url);
    assert.equal(question.fields["logout_challenge"], "c");
    assert(!servers.requests.includes(endOfSession) && !servers.requests.includes(acceptance));
    assert.equal(await reply(app, "/logout", question, { decision: "yes" }), 303);
    assert(servers.requests.includes(endOfSession) && servers.requests.includes(acceptance));
  });

  it("does nothing for a form without its token or without its cookie", async () => {
    const servers = ory({});
    const app = await pagesWith(servers, secret);
    const question = await ask(app, "/logout");
    assert.equal(await reply(app, "/logout", { ...question, fields: {} }, { decision: "yes" }), 403);
    assert.equal(await reply(app, "/logout", { ...question, setCookie: "" }, { decision: "yes" }), 403);
    assert(!servers.requests.includes(endOfSession));
  });
});
