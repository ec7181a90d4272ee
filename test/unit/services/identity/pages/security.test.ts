import assert from "node:assert/strict";
import { flowKinds } from "../../../../../services/identity/pages/flow-kinds.ts";
import { endsOf, formTargets } from "../../../../../services/identity/pages/form-targets.ts";
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

  it("follows a way back through Hydra to the application that it names", () => {
    const authorisation = new URL("https://auth.test/oauth2/auth?client_id=odoo");
    authorisation.searchParams.set("redirect_uri", "https://odoo.test/callback");
    assert.deepEqual(formTargets(endsOf(authorisation.href)), ["https://auth.test", "https://odoo.test"]);
    assert.deepEqual(formTargets(endsOf("https://console.test/vm")), ["https://console.test"]);
    assert.deepEqual(formTargets(endsOf(undefined)), []);
  });

  it("lets the form of a confirmation lead to any application, for Kratos does not say to which it goes on", () => {
    const targets = flowKinds.map((kind) => [kind.name, kind.targets({ ui: { action: "", method: "", nodes: [] } })]);
    assert.deepEqual(Object.fromEntries(targets), {
      login: [],
      registration: [],
      recovery: [],
      verification: ["https:", "http://127.0.0.1:*", "http://localhost:*"],
      settings: [],
    });
  });
});
