import assert from "node:assert/strict";
import { ask, FakeOry, pagesWith, reply } from "../../../../support/pages.ts";

const secret = "a-secret-of-at-least-32-characters";
const ory = (): FakeOry =>
  new FakeOry({
    "GET /sessions/whoami": {
      id: "s",
      identity: { id: "ada", schema_id: "person", schema_url: "", traits: { email: "ada@bibind.test" } },
    },
    "DELETE /admin/sessions/s": {},
  });

describe("the cookie that protects our own forms", () => {
  it("is for this host alone, over HTTPS alone, and not for scripts", async () => {
    const { setCookie } = await ask(await pagesWith(ory(), secret), "/logout");
    const [pair = "", ...attributes] = setCookie.split("; ");
    // Browsers accept the prefix __Host- only with Secure, the path / and no Domain.
    assert.match(pair, /^__Host-bibind-form=.{20,}/);
    assert.deepEqual(attributes.sort(), ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
  });

  it("is accepted by each server with the same secret, and by no other", async () => {
    const first = await pagesWith(ory(), secret);
    const question = await ask(first, "/logout");
    const replica = await pagesWith(ory(), secret);
    assert.equal(await reply(replica, "/logout", question, { decision: "yes" }), 303);
    const stranger = await pagesWith(ory(), "another-secret-of-32-characters-x");
    assert.equal(await reply(stranger, "/logout", question, { decision: "yes" }), 403);
  });
});

describe("a request that fastify refuses", () => {
  for (const [what, type, body, status] of [
    ["too large", "application/x-www-form-urlencoded", `word=${"x".repeat(70_000)}`, 413],
    ["of a type that no page reads", "application/xml", "<word/>", 415],
    ["malformed", "application/json", "{", 400],
  ] as const) {
    it(`gets an error page with the status ${status} when its body is ${what}`, async () => {
      const pages = await pagesWith(ory(), secret);
      const answer = await pages.inject({ method: "POST", url: "/logout", headers: { "content-type": type }, body });
      assert.equal(answer.statusCode, status);
      assert.match(answer.body, /That did not work/);
    });
  }
});
