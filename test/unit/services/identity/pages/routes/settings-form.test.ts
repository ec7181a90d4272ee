import assert from "node:assert/strict";
import { parse, type HTMLElement } from "node-html-parser";
import type { App } from "../../../../../../services/identity/pages/request.ts";
import { FakeOry, pagesWith } from "../../../../../support/pages.ts";

const person = {
  id: "ada",
  schema_id: "person",
  schema_url: "",
  traits: { email: "ada@bibind.test", name: { first: "Ada", last: "O’Neill-Byron" }, language: "fr" },
};

const attributes = { name: "password", type: "password", disabled: false, node_type: "input" };
const flow = {
  id: "1",
  ui: {
    action: "https://auth.test/self-service/settings?flow=1",
    method: "POST",
    nodes: [{ type: "input", group: "password", messages: [], meta: {}, attributes }],
  },
};

const submit = "POST /self-service/settings";
const guessable = "guessable-password";

describe("the form of the settings", () => {
  let answers: Record<string, unknown>;
  let ory: FakeOry;
  let forms: Record<string, string>[];
  let words: readonly string[];
  let app: App;

  beforeEach(async () => {
    [forms, words] = [[], []];
    answers = {
      "GET /sessions/whoami": { id: "s", identity: person },
      "GET /self-service/settings/flows": flow,
      [submit]: ({ body }: RequestInit) => {
        forms.push(Object.fromEntries(body instanceof URLSearchParams ? body : []));
        return Response.json({});
      },
    };
    ory = new FakeOry(answers);
    app = await pagesWith(ory, "a-secret-of-at-least-32-characters", {
      isGuessable(password, given) {
        words = given;
        return password === guessable;
      },
    });
  });

  afterEach(() => app.close());

  async function send(
    entries: Readonly<Record<string, string>>,
    cookie = "ory_kratos_session=s",
  ): Promise<{ readonly status: number; readonly page: HTMLElement }> {
    const { statusCode, body } = await app.inject({
      method: "POST",
      url: "/self-service/settings?flow=1",
      headers: { "content-type": "application/x-www-form-urlencoded", cookie },
      payload: new URLSearchParams(entries).toString(),
    });
    return { status: statusCode, page: parse(body) };
  }

  it("keeps a password that is easy to guess from Kratos, and says so at the field, in the person's language", async () => {
    const { status, page } = await send({ method: "password", password: guessable });
    assert.deepEqual([status, forms], [422, []]);
    const field = page.querySelector("[name=password]");
    assert.equal(field?.getAttribute("aria-invalid"), "true");
    assert.equal(field.getAttribute("value"), undefined);
    const problem = page.querySelector(`#${field.getAttribute("aria-describedby") ?? "none"}`);
    assert.match(problem?.text ?? "", /Ce mot de passe est trop facile à deviner/);
    assert.match(page.querySelector("title")?.text ?? "", /^Erreur : /);
    assert.doesNotMatch(page.toString(), new RegExp(guessable));
  });

  it("hands over another password, and a short one, which Kratos refuses", async () => {
    for (const password of ["another-password", "short"]) {
      assert.equal((await send({ method: "password", password })).status, 200);
    }
    assert.deepEqual(
      forms.map(({ password }) => password),
      ["another-password", "short"],
    );
  });

  it("compares a password with the person's name and address, and with the platform", async () => {
    await send({ method: "password", password: "another-password" });
    assert.deepEqual(words, ["bibind", "ada@bibind.test", "ada", "bibind", "test", "Ada", "O", "Neill", "Byron"]);
  });

  it("judges no password without a session: Kratos accepts none then", async () => {
    answers["GET /sessions/whoami"] = () => Response.json({}, { status: 401 });
    assert.equal((await send({ method: "password", password: guessable })).status, 200);
    assert.equal(words.length, 0);
  });

  it("hands over no guessable password when the flow is over", async () => {
    answers["GET /self-service/settings/flows"] = () => Response.json({}, { status: 410 });
    await send({ csrf_token: "t", method: "password", password: guessable });
    assert.deepEqual(forms, [{ csrf_token: "t", method: "password" }]);
  });

  it("hands over the forms of second factors, and no field that Kratos' page does not show", async () => {
    const entries = { csrf_token: "t", totp_unlink: "true" };
    await send({ ...entries, "traits.email": "eve@bibind.test" });
    assert.deepEqual(forms, [entries]);
  });
});
