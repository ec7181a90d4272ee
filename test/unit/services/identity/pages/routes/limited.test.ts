import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { parse } from "node-html-parser";
import { pino } from "pino";
import { z } from "zod";
import type { App } from "../../../../../../services/identity/pages/request.ts";
import { FakeOry, pagesWith } from "../../../../../support/pages.ts";

const events = z.array(z.looseObject({ event: z.string().optional() }));

describe("the answer to a guess that is not made", () => {
  let accounts: unknown;
  let log: string;
  let app: App;

  beforeEach(async () => {
    [accounts, log] = [[{ id: "id-of-ada", schema_id: "", schema_url: "", traits: {} }], ""];
    const ory = new FakeOry({
      "POST /self-service/login": {},
      get "GET /admin/identities"() {
        return accounts;
      },
    });
    const stream = new Writable({
      write(chunk, _encoding, done) {
        log += String(chunk);
        done();
      },
    });
    app = await pagesWith(ory, "a-secret-of-at-least-32-characters", { log: pino(stream) });
  });

  afterEach(() => app.close());

  const send = (language: string, account: string) =>
    app.inject({
      method: "POST",
      url: "/self-service/login?flow=1",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "accept-language": language,
        "x-forwarded-for": "2001:db8:1:2::9",
      },
      payload: new URLSearchParams({ method: "password", identifier: account, password: "x" }).toString(),
    });

  async function refused(language: string, account: string): ReturnType<typeof send> {
    for (let count = 0; count < 11; count += 1) {
      const answer = await send(language, account);
      if (answer.statusCode === 429) {
        return answer;
      }
    }
    throw new Error("there is no limit");
  }

  const reported = () =>
    events
      .parse(
        log
          .trim()
          .split("\n")
          .map((line): unknown => JSON.parse(line)),
      )
      .filter(({ event }) => event === "limit");

  for (const [language, text] of [
    ["en", /Too many passwords were tried\. Try again in 10 minutes, use a browser/],
    ["fr", /Trop de mots de passe ont été essayés\. Réessayez dans 10 minutes, utilisez un navigateur/],
  ] as const) {
    it(`says in ${language} what to do, and when`, async () => {
      const { body, headers } = await refused(language, "ada@bibind.test");
      const seconds = Number(headers["retry-after"]);
      assert(seconds > 590 && seconds <= 600, String(seconds));
      const page = parse(body);
      assert.match(page.querySelector("[role=alert]")?.text ?? "", text);
      assert.deepEqual(
        page.querySelectorAll("nav a").map((link) => link.getAttribute("href")),
        ["/login?flow=1", "/recovery"],
      );
    });
  }

  it("is the same without an account", async () => {
    const known = await refused("en", "ada@bibind.test");
    accounts = [];
    const unknown = await refused("en", "bob@bibind.test");
    const withoutReference = ({ body }: typeof known): string => body.replace(/[0-9a-f-]{36}/, "REFERENCE");
    assert.equal(withoutReference(unknown), withoutReference(known));
  });

  it("is an event with limit, client and account, once", async () => {
    await refused("en", "ada@bibind.test");
    await refused("en", "ada@bibind.test");
    const [event, ...others] = reported();
    assert.equal(others.length, 0);
    const { limit, client, account, level } = event ?? {};
    assert.deepEqual([limit, client, account, level], ["password.pair", "2001:db8:1:2::/64", "id-of-ada", 40]);
  });

  it("is an event without what the person typed, when there is no such account", async () => {
    accounts = [];
    await refused("en", "my-password-at-the-wrong-place");
    assert.equal(reported().length, 1);
    assert.equal(reported()[0]?.["account"], undefined);
    assert.doesNotMatch(log, /my-password/);
  });

  it("does not need Kratos", async () => {
    accounts = () => Response.json({}, { status: 500 });
    assert.equal((await refused("en", "my-password-at-the-wrong-place")).statusCode, 429);
    assert.equal(reported().length, 1);
    assert.doesNotMatch(log, /my-password/);
  });
});
