import assert from "node:assert/strict";
import type { App } from "../../../../../../services/identity/pages/request.ts";
import { FakeOry, pagesWith } from "../../../../../support/pages.ts";

const secret = "a-secret-of-at-least-32-characters";
const wrong = () => Response.json({ wrong: true }, { status: 400 });

/** A person's answers: what Kratos says to the form, and to the question whose session it is. */
interface Kratos {
  login: (form: URLSearchParams) => Response;
  whoami: () => Response;
}

/** Kratos gives the browser a session. */
const session = (value: string) => (): Response =>
  new Response("", { status: 303, headers: { "set-cookie": `ory_kratos_session=${value}; Path=/`, location: "/" } });

const complete = () => Response.json({ id: "s", identity: { id: "ada", schema_id: "", schema_url: "", traits: {} } });
const needsSecondFactor = () => Response.json({ error: {} }, { status: 403 });

describe("the form of the sign-in", () => {
  let kratos: Kratos;
  /** The forms that Kratos got. */
  let forms: Record<string, string>[];
  let queries: string[];
  let app: App;

  beforeEach(async () => {
    kratos = { login: wrong, whoami: complete };
    [forms, queries] = [[], []];
    const ory = new FakeOry({
      "POST /self-service/login": ({ body }: RequestInit, url: URL) => {
        const form = body instanceof URLSearchParams ? body : new URLSearchParams();
        forms.push(Object.fromEntries(form));
        queries.push(url.search);
        return kratos.login(form);
      },
      "GET /sessions/whoami": () => kratos.whoami(),
    });
    app = await pagesWith(ory, secret);
  });

  afterEach(() => app.close());

  /** Sends the form. @returns the status, and the cookies that the browser then has */
  async function send(
    entries: Readonly<Record<string, string>>,
    cookie = "",
    client = "192.0.2.1",
  ): Promise<{ readonly status: number; readonly cookie: string; readonly location: string }> {
    const { statusCode, headers } = await app.inject({
      method: "POST",
      url: "/self-service/login?flow=1",
      headers: { "content-type": "application/x-www-form-urlencoded", cookie, "x-forwarded-for": client },
      payload: new URLSearchParams(entries).toString(),
    });
    const set = [headers["set-cookie"] ?? []].flat().map((one) => one.split(";")[0] ?? "");
    return { status: statusCode, cookie: set.join("; "), location: String(headers.location) };
  }

  const password = (account: string) => ({ method: "password", identifier: account, password: "guess" });
  const code = (totp: string) => ({ method: "totp", totp_code: totp });

  /** Guesses until a limit refuses. @returns how many guesses Kratos got */
  async function guesses(
    form: (index: number) => Record<string, string>,
    cookie = "",
    client?: string,
  ): Promise<number> {
    const before = forms.length;
    for (let count = 0; count < 200; count += 1) {
      if ((await send(form(count), cookie, client)).status === 429) {
        return forms.length - before;
      }
    }
    throw new Error("there is no limit");
  }

  /** A browser whose person has passed every factor. */
  async function knownBrowser(account = "ada@bibind.test"): Promise<string> {
    kratos = { login: session("own"), whoami: complete };
    const { cookie } = await send(password(account));
    kratos.login = wrong;
    return cookie;
  }

  it("hands over the fields of its method only, in one form, and of the query only the flow", async () => {
    const entries = { csrf_token: "t", method: "password", identifier: " Ada@Bibind.test", password: " p+w " };
    await app.inject({
      method: "POST",
      url: "/self-service/login?flow=1&identifier=eve&method=totp&return_to=https://evil.test/",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      payload: `${new URLSearchParams({ ...entries, totp_code: "1", password_identifier: "eve" }).toString()}&identifier=eve`,
    });
    assert.deepEqual(forms, [{ ...entries, identifier: "ada@bibind.test" }]);
    assert.deepEqual(queries, ["?flow=1"]);
  });

  it("is read from JSON too", async () => {
    await app.inject({
      method: "POST",
      url: "/self-service/login?flow=1",
      headers: { "content-type": "application/json" },
      payload: { ...password("ada@bibind.test"), Identifier: "eve", csrf_token: "t" },
    });
    assert.deepEqual(forms, [{ ...password("ada@bibind.test"), csrf_token: "t" }]);
  });

  it("allows ten passwords, in whatever letters the address is written", async () => {
    const spellings = ["ada@bibind.test", "ADA@bibind.test", " ada@bibind.test ", "Ada@Bibind.Test"];
    assert.equal(await guesses((index) => password(spellings[index % 4] ?? "")), 10);
  });

  it("counts each client on its own, and believes no address that the client adds", async () => {
    await guesses(() => password("ada@bibind.test"));
    assert.equal((await send(password("ada@bibind.test"), "", "192.0.2.2")).status, 400);
    assert.equal((await send(password("ada@bibind.test"), "", "192.0.2.9, 192.0.2.1")).status, 429);
  });

  it("does not count right passwords", async () => {
    kratos.login = session("own");
    for (let count = 0; count < 30; count += 1) {
      assert.equal((await send(password("ada@bibind.test"))).status, 303);
    }
  });

  it("counts an answer with a session that Kratos does not know", async () => {
    kratos = { login: session("old"), whoami: () => Response.json({}, { status: 401 }) };
    assert.equal(await guesses(() => password("ada@bibind.test")), 10);
  });

  it("still allows a person the passwords in a known browser, while strangers may try none", async () => {
    const known = await knownBrowser();
    await guesses(() => password("ada@bibind.test"));
    assert.equal((await send(password("ada@bibind.test"), known)).status, 400);
    assert.equal((await send(password("bob@bibind.test"), known)).status, 400);
    assert.equal(await guesses(() => password("ada@bibind.test"), known), 9, "its own limit is ten");
  });

  it("knows no browser with a forged cookie, and none of another account", async () => {
    const [cookie = ""] = (await knownBrowser()).split("; ").filter((one) => one.startsWith("__Host-bibind-browser="));
    await guesses(() => password("ada@bibind.test"));
    const forged = cookie.replace("ada%40", "eve%40");
    assert.notEqual(forged, cookie);
    await guesses(() => password("eve@bibind.test"));
    for (const stranger of [forged, cookie]) {
      assert.equal((await send(password("eve@bibind.test"), stranger)).status, 429);
    }
  });

  it("knows a browser for the five latest accounts", async () => {
    kratos.login = session("own");
    let cookie = "";
    for (const name of ["a", "b", "c", "d", "e", "f"]) {
      cookie = (await send(password(`${name}@bibind.test`), cookie)).cookie;
    }
    kratos.login = wrong;
    await guesses(() => password("a@bibind.test"));
    await guesses(() => password("b@bibind.test"));
    assert.equal((await send(password("a@bibind.test"), cookie)).status, 429);
    assert.equal((await send(password("b@bibind.test"), cookie)).status, 400);
  });

  it("allows ten codes of an authenticator app for a session, however many sessions there are", async () => {
    kratos = { login: session("first"), whoami: needsSecondFactor };
    const { cookie } = await send(password("ada@bibind.test"));
    kratos.login = wrong;
    assert.equal(await guesses((index) => code(String(100_000 + index)), cookie), 10);
    kratos.login = session("second");
    const other = await send(password("ada@bibind.test"));
    kratos.login = wrong;
    assert.equal((await send(code("222222"), other.cookie)).status, 429);
  });

  it("counts backup codes and those of an app together", async () => {
    kratos = { login: session("first"), whoami: needsSecondFactor };
    const { cookie } = await send(password("ada@bibind.test"));
    kratos.login = wrong;
    const backup = { method: "lookup_secret", lookup_secret: "guess" };
    assert.equal(await guesses((index) => (index % 2 === 0 ? backup : code(String(100_000 + index))), cookie), 10);
  });

  it("makes no browser known for a password alone", async () => {
    kratos = { login: session("first"), whoami: needsSecondFactor };
    const { cookie } = await send(password("ada@bibind.test"));
    kratos.login = wrong;
    await guesses(() => password("ada@bibind.test"));
    assert.equal((await send(password("ada@bibind.test"), cookie)).status, 429);
  });

  it("asks for the password again when the browser does not say whose session it is", async () => {
    kratos = { login: session("first"), whoami: needsSecondFactor };
    const { cookie } = await send(password("ada@bibind.test"));
    const [browser = "", own = ""] = cookie.split("; ").sort();
    assert.match(own, /^ory_kratos_session=/);
    for (const stranger of [own, browser, `${browser}; ory_kratos_session=another`]) {
      const { status, location } = await send(code("123456"), stranger);
      assert.deepEqual([status, /refresh=true/.test(location)], [303, true]);
    }
    assert.equal(forms.length, 1);
  });

  it("hands over a used code of an app as a wrong one, with any blanks, and a wrong code as often as it comes", async () => {
    kratos = { login: session("first"), whoami: needsSecondFactor };
    const { cookie } = await send(password("ada@bibind.test"));
    kratos.login = wrong;
    await send(code("111111"), cookie);
    kratos.login = session("second");
    await send(code("111111"), cookie);
    kratos.login = wrong;
    await send(code("111111"), cookie);
    await send(code(" 111 111\u0085"), cookie);
    const codes = forms.slice(1).map((form) => form["totp_code"]);
    assert.deepEqual(codes, ["111111", "111111", "------", "------"]);
  });
});
