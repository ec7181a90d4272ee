import assert from "node:assert/strict";
import type { App } from "../../../../../../services/identity/pages/request.ts";
import { ask, FakeOry, pagesWith, reply } from "../../../../../support/pages.ts";

const session = (id: string, minutes: number): object => ({
  id,
  authenticated_at: new Date(Date.now() - minutes * 60_000).toISOString(),
  identity: {
    id: "ada",
    schema_id: "person",
    schema_url: "",
    traits: { email: "ada@bibind.test", name: { first: "Ada", last: "Lovelace" } },
    verifiable_addresses: [{ value: "ada@bibind.test", verified: true, via: "email", status: "completed" }],
  },
});

const sendCode = "POST /self-service/recovery";

describe("the page /address", () => {
  let whoami: object;
  let ory: FakeOry;
  let app: App;

  beforeEach(async () => {
    whoami = session("first", 1);
    ory = new FakeOry({
      get "GET /sessions/whoami"() {
        return whoami;
      },
      "POST /admin/identities": { id: "new", schema_id: "person", schema_url: "" },
      "GET /self-service/recovery/api": { id: "flow" },
      [sendCode]: { id: "flow" },
    });
    app = await pagesWith(ory, "a-secret-of-at-least-32-characters");
  });

  afterEach(() => app.close());

  it("asks for the password again when the person entered it more than 15 minutes ago", async () => {
    whoami = session("first", 16);
    const headers = { cookie: "ory_kratos_session=session" };
    for (const url of ["/address", "/address/code"]) {
      const { statusCode, headers: answer } = await app.inject({ url, headers });
      assert.equal(statusCode, 303);
      assert.match(String(answer.location), /\/self-service\/login\/browser\?return_to=.*&refresh=true$/);
    }
  });

  it("sends a person without a session to the sign-in", async () => {
    const { headers } = await app.inject("/address");
    assert.match(String(headers.location), /\/self-service\/login\/browser\?return_to=/);
  });

  it("sends a code to another address, and none to the own one or to what is no address", async () => {
    const question = await ask(app, "/address");
    for (const entry of ["ada@bibind.test", "ADA@bibind.test", "nobody", "a\u0007b@bibind.test", ""]) {
      assert.equal(await reply(app, "/address", question, { "traits.email": entry }), 422, entry);
    }
    assert(!ory.requests.includes(sendCode));
    assert.equal(await reply(app, "/address", question, { "traits.email": "new@bibind.test" }), 303);
    assert(ory.requests.includes(sendCode));
  });

  it("takes a code only in the session that asked for it", async () => {
    const { fields, setCookie } = await ask(app, "/address");
    const [form = ""] = setCookie.split(";");
    const send = async (url: string, cookie: string, entries: Readonly<Record<string, string>>) =>
      app.inject({
        method: "POST",
        url,
        headers: { "content-type": "application/x-www-form-urlencoded", cookie: `ory_kratos_session=s; ${cookie}` },
        payload: new URLSearchParams({ ...fields, ...entries }).toString(),
      });
    const { headers } = await send("/address", form, { "traits.email": "new@bibind.test" });
    const [pending = ""] = String(headers["set-cookie"]).split(";");
    assert.match(pending, /^__Host-bibind-address=/);
    const open = async (cookie: string): Promise<number> =>
      (await app.inject({ url: "/address/code", headers: { cookie: `ory_kratos_session=s; ${cookie}` } })).statusCode;
    assert.equal(await open(pending), 200);
    assert.equal(await open(`${pending}x`), 303, "a cookie that was changed");
    whoami = session("second", 1);
    assert.equal(await open(pending), 303, "another session");
    const before = ory.requests.length;
    assert.equal((await send("/address/code", `${form}; ${pending}`, { code: "123456" })).statusCode, 303);
    assert.deepEqual(ory.requests.slice(before), ["GET /sessions/whoami"]);
  });
});
