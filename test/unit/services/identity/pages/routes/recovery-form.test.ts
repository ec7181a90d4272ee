import assert from "node:assert/strict";
import type { App } from "../../../../../../services/identity/pages/request.ts";
import { FakeOry, pagesWith } from "../../../../../support/pages.ts";

/** A recovery that has sent a code to an address. */
function sentTo(email: string): object {
  const attributes = { name: "email", type: "submit", value: email, disabled: false, node_type: "input" };
  return { id: "1", ui: { nodes: [{ type: "input", group: "code", messages: [], meta: {}, attributes }] } };
}

describe("the form of a recovery", () => {
  let answer: () => Response;
  let flow: object | undefined;
  /** The forms that Kratos got. */
  let forms: Record<string, string>[];
  let app: App;

  beforeEach(async () => {
    answer = () => new Response("", { status: 303, headers: { location: "/recovery?flow=1" } });
    flow = sentTo("Ada@bibind.test");
    forms = [];
    const ory = new FakeOry({
      "POST /self-service/recovery": ({ body }: RequestInit) => {
        forms.push(Object.fromEntries(body instanceof URLSearchParams ? body : []));
        return answer();
      },
      get "GET /self-service/recovery/flows"() {
        return flow;
      },
      "GET /sessions/whoami": { id: "s", identity: { id: "ada", schema_id: "", schema_url: "", traits: {} } },
    });
    app = await pagesWith(ory, "a-secret-of-at-least-32-characters");
  });

  afterEach(() => app.close());

  async function send(entries: Readonly<Record<string, string>>, client = "192.0.2.1"): Promise<number> {
    const { statusCode } = await app.inject({
      method: "POST",
      url: "/self-service/recovery?flow=1&email=eve@bibind.test",
      headers: { "content-type": "application/x-www-form-urlencoded", "x-forwarded-for": client },
      payload: new URLSearchParams(entries).toString(),
    });
    return statusCode;
  }

  /** Sends forms until a limit refuses. @returns how many Kratos got */
  async function allowed(form: (index: number) => Record<string, string>, client?: string): Promise<number> {
    const before = forms.length;
    for (let count = 0; count < 200; count += 1) {
      if ((await send(form(count), client)) === 429) {
        return forms.length - before;
      }
    }
    throw new Error("there is no limit");
  }

  it("asks for five mails to an address, however many flows there are", async () => {
    assert.equal(await allowed(() => ({ method: "code", email: "ada@bibind.test" })), 5);
    assert.deepEqual(forms[0], { method: "code", email: "ada@bibind.test" });
    assert.equal(await send({ email: "ada@bibind.test" }, "192.0.2.2"), 303);
  });

  it("asks for sixty mails of a client", async () => {
    assert.equal(await allowed((index) => ({ email: `person-${index}@bibind.test` })), 60);
  });

  it("tries ten codes for an address, which Kratos names and not the form", async () => {
    const form = (index: number) => ({ code: String(100_000 + index), email: `person-${index}@bibind.test` });
    assert.equal(await allowed(form), 10);
    assert.deepEqual(forms[0], { code: "100000" });
    flow = sentTo("bob@bibind.test");
    assert.equal(await send({ code: "123456" }), 303);
  });

  it("hands over no code for a flow that the browser cannot read, and leads to its page", async () => {
    flow = undefined;
    assert.equal(await send({ code: "123456" }), 303);
    assert.deepEqual(forms, []);
  });

  it("counts codes of a flow without an address for the client", async () => {
    flow = { id: "1", ui: { nodes: [] } };
    assert.equal(await allowed((index) => ({ code: String(100_000 + index) })), 60);
  });

  it("does not count right codes", async () => {
    answer = () => new Response("", { status: 303, headers: { "set-cookie": "ory_kratos_session=own; Path=/" } });
    for (let count = 0; count < 30; count += 1) {
      assert.equal(await send({ code: "123456" }), 303);
    }
  });
});
