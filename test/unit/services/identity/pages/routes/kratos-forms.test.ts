import assert from "node:assert/strict";
import type { App } from "../../../../../../services/identity/pages/request.ts";
import { FakeOry, pagesWith } from "../../../../../support/pages.ts";

const flows = ["login", "recovery", "settings"];
const form = { "content-type": "application/x-www-form-urlencoded" };

describe("the forms of Kratos", () => {
  let ory: FakeOry;
  let app: App;

  beforeEach(async () => {
    const answers = flows.flatMap((flow): [string, unknown][] => [
      [`GET /self-service/${flow}/browser`, { flow }],
      [`POST /self-service/${flow}`, { flow }],
    ]);
    ory = new FakeOry({
      ...Object.fromEntries(answers),
      "GET /self-service/settings": { flow: "settings" },
      "GET /sessions": [],
      "GET /self-service/login/api": {},
    });
    app = await pagesWith(ory, "a-secret-of-at-least-32-characters");
  });

  afterEach(() => app.close());

  for (const flow of flows) {
    const beginning = `/self-service/${flow}/browser`;

    it(`get Kratos' own answer to the beginning of the flow ${flow} and to its form, which is not cached`, async () => {
      const url = `${beginning}?return_to=${encodeURIComponent("https://odoo.test/")}`;
      const begun = await app.inject({ url });
      const sent = await app.inject({ method: "POST", url: `/self-service/${flow}?flow=1`, headers: form });
      for (const { statusCode, body, headers } of [begun, sent]) {
        assert.deepEqual([statusCode, JSON.parse(body), headers["cache-control"]], [200, { flow }, "no-store"]);
      }
    });

    it(`do not begin a flow ${flow} with a URL to return to that Kratos cannot judge`, async () => {
      for (const query of [
        `return_to=${encodeURIComponent("https://ada@odoo.test/")}`,
        `return_to=${encodeURIComponent("https:\\\\evil.test/")}`,
        "return_to=https://odoo.test/&return_to=https://evil.test/",
      ]) {
        assert.equal((await app.inject({ url: `${beginning}?${query}` })).statusCode, 400, query);
      }
      assert.deepEqual(ory.requests, []);
    });

    it(`do not reach Kratos' flow ${flow} in a form that the pages cannot read`, async () => {
      for (const [type, payload] of [
        ["multipart/form-data; boundary=x", "--x--"],
        ["application/json", "not JSON"],
        ["application/json", '{"identifier":["a","b"]}'],
        ["text/plain", "a=b"],
      ] as const) {
        const sent = {
          method: "POST",
          url: `/self-service/${flow}?flow=1`,
          headers: { "content-type": type },
          payload,
        };
        assert.equal((await app.inject({ ...sent, method: "POST" })).statusCode, 400, type);
      }
      assert.deepEqual(ory.requests, []);
    });
  }

  it("resume the settings after the person entered the password again", async () => {
    const { statusCode } = await app.inject("/self-service/settings?flow=1");
    assert.deepEqual([statusCode, ory.requests], [200, ["GET /self-service/settings"]]);
  });

  it("are the only requests that reach Kratos", async () => {
    for (const url of [
      "/sessions",
      "/self-service/login",
      "/self-service/recovery",
      "/self-service/login/api",
      "/self-service/login/",
      "/self-service/../sessions",
    ]) {
      assert.equal((await app.inject(url)).statusCode, 404, url);
    }
    assert.deepEqual(ory.requests, []);
  });
});
