import assert from "node:assert/strict";
import { formTargets } from "../../../../../services/identity/pages/form-targets.ts";
import { contentPolicy } from "../../../../../services/identity/pages/security.ts";

describe("the content policy of a page", () => {
  it("lets no script run, whoever wrote it", () => {
    const policy = contentPolicy([]);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /script-src|unsafe|\*/);
    assert.match(policy, /frame-ancestors 'none'/);
  });

  it("lets a form lead to our own pages and to where it must end", () => {
    assert.match(contentPolicy([]), /form-action 'self'$/);
    assert.match(contentPolicy(["https://odoo.test"]), /form-action 'self' https:\/\/odoo\.test$/);
  });

  it("names an application by its origin, a program on one's own machine by any port", () => {
    assert.deepEqual(
      formTargets([
        "https://odoo.test/a/callback",
        "https://odoo.test/b",
        "http://127.0.0.1:8000/callback",
        "com.bibind.app:/callback",
        undefined,
        "no uri; script-src *",
      ]),
      ["https://odoo.test", "http://127.0.0.1:*", "com.bibind.app:"],
    );
  });
});
