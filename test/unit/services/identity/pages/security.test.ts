import assert from "node:assert/strict";
import { flowKinds } from "../../../../../services/identity/pages/flow-kinds.ts";
import { finalUrls, formTargets } from "../../../../../services/identity/pages/form-targets.ts";
import { contentPolicy } from "../../../../../services/identity/pages/security.ts";

describe("the content policy of a page", () => {
  it("allows no script", () => {
    const policy = contentPolicy([]);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /script-src|unsafe|\*/);
    assert.match(policy, /frame-ancestors 'none'/);
  });

  it("allows a form to lead to our own pages and to its targets", () => {
    assert.match(contentPolicy([]), /form-action 'self'$/);
    assert.match(contentPolicy(["https://odoo.test"]), /form-action 'self' https:\/\/odoo\.test$/);
  });

  it("names an application by its origin, and a program on a person's machine with any port", () => {
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

  for (const uri of [
    "https://x;sandbox",
    "https://x;script-src",
    "https://*",
    "https://*.test/callback",
    "https://x,y",
    "https://x'self'",
    "https://[2001:db8::1]/",
    "http://odoo.test/callback",
    "http://[::1]:8000/callback",
    "data:text/html,x",
    "javascript:alert(1)",
    "blob:https://odoo.test/1",
    "custom:/callback",
  ]) {
    it(`does not name ${uri}, in a link of an application or in a URL to return to`, () => {
      const returnTo = new URL("https://auth.test/oauth2/auth");
      returnTo.searchParams.set("redirect_uri", uri);
      assert.deepEqual(formTargets([uri]), []);
      assert.deepEqual(formTargets(finalUrls(returnTo.href)), ["https://auth.test"]);
    });
  }

  it("names no application by more than its origin, so that a link cannot add a directive", () => {
    const uris = [
      "https://a.test:8443/x;sandbox",
      "https://user;x:y@b.test/",
      "https://C.test/?q=;",
      "https://é.test/#;",
    ];
    const sources = ["https://a.test:8443", "https://b.test", "https://c.test", "https://xn--9ca.test"];
    assert.deepEqual(formTargets(uris), sources);
  });

  it("names the application to which Hydra redirects", () => {
    const authorisation = new URL("https://auth.test/oauth2/auth?client_id=odoo");
    authorisation.searchParams.set("redirect_uri", "https://odoo.test/callback");
    assert.deepEqual(formTargets(finalUrls(authorisation.href)), ["https://auth.test", "https://odoo.test"]);
    assert.deepEqual(formTargets(finalUrls("https://console.test/vm")), ["https://console.test"]);
    assert.deepEqual(formTargets(finalUrls(undefined)), []);
  });

  it("allows the form of a flow to lead to the URL to return to, and nowhere when there is none", () => {
    const ui = { action: "", method: "", nodes: [] };
    for (const kind of flowKinds) {
      assert.deepEqual(kind.targets({ ui }), [], kind.name);
      assert.deepEqual(kind.targets({ ui, return_to: "https://console.test/vm" }), ["https://console.test"], kind.name);
    }
  });
});
