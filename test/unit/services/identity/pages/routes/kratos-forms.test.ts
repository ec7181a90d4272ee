import assert from "node:assert/strict";
import type { App } from "../../../../../../services/identity/pages/request.ts";
import { FakeOry, pagesWith } from "../../../../../support/pages.ts";

const forms = ["login", "recovery", "settings"].flatMap((flow) => [
  ["GET", `/self-service/${flow}/browser`] as const,
  ["GET", `/self-service/${flow}`] as const,
  ["POST", `/self-service/${flow}`] as const,
]);

describe("the forms of Kratos", () => {
  let ory: FakeOry;
  let app: App;

  beforeEach(async () => {
    const answers = forms.map(([method, path]): [string, unknown] => [`${method} ${path}`, { path }]);
    ory = new FakeOry({
      ...Object.fromEntries(answers),
      "GET /sessions": [],
      "GET /self-service/login/api": {},
    });
    app = await pagesWith(ory, "a-secret-of-at-least-32-characters");
  });

  afterEach(() => app.close());

  for (const [method, path] of forms) {
    it(`get Kratos' own answer to ${method} ${path}, which is not cached`, async () => {
      const url = `${path}?return_to=${encodeURIComponent("https://odoo.test/")}`;
      const { statusCode, body, headers } = await app.inject({ method, url });
      assert.deepEqual([statusCode, JSON.parse(body), headers["cache-control"]], [200, { path }, "no-store"]);
    });

    it(`do not reach Kratos by ${method} ${path} with a URL to return to that Kratos cannot judge`, async () => {
      for (const query of [
        `return_to=${encodeURIComponent("https://ada@odoo.test/")}`,
        `return_to=${encodeURIComponent("https:\\\\evil.test/")}`,
        "return_to=https://odoo.test/&return_to=https://evil.test/",
      ]) {
        assert.equal((await app.inject({ method, url: `${path}?${query}` })).statusCode, 400, query);
      }
      assert.deepEqual(ory.requests, []);
    });
  }

  it("are the only requests that reach Kratos", async () => {
    for (const url of ["/sessions", "/self-service/login/api", "/self-service/login/", "/self-service/../sessions"]) {
      assert.equal((await app.inject(url)).statusCode, 404, url);
    }
    assert.deepEqual(ory.requests, []);
  });
});
