import assert from "node:assert/strict";
import { faultOfRedirectUri, hasSameOrigin } from "../../../../../services/identity/clients/redirect-uri.ts";

describe("a redirect URI", () => {
  for (const uri of [
    "https://odoo.bibind.test/auth/callback",
    "https://odoo.bibind.test:8443/a?b=c",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:18000/callback",
    "http://localhost/callback",
    "http://[::1]/callback",
    "com.bibind.app:/callback",
  ]) {
    it(`may be ${uri}`, () => {
      assert.equal(faultOfRedirectUri(uri), undefined);
    });
  }

  for (const [uri, fault] of [
    ["http://odoo.bibind.test/callback", /begins with https/],
    ["http://localhost.evil.test/callback", /begins with https/],
    ["javascript:alert(1)", /begins with https/],
    ["odoo/callback", /expected a URL/],
    ["https:odoo.bibind.test/callback", /expected a URL/],
    ["https:///callback", /expected a URL/],
    [" https://odoo.bibind.test/callback", /expected a URL/],
    ["https://odoo.bibind.test/a b", /expected a URL/],
    ["https://odoo.bibind.test/%zz", /expected a URL/],
    ["https://odöö.bibind.test/callback", /expected a URL/],
    ["https://odoo.bibind.test\\callback", /expected a URL/],
    ["https://odoo.bibind.test/#callback", /fragment/],
    ["https://*.bibind.test/callback", /wildcard/],
    ["https://odoo;sandbox/callback", /host name/],
    ["https://odoo,x.bibind.test/callback", /host name/],
    ["https://[2001:db8::1]/callback", /host name/],
  ] as const) {
    it(`may not be ${uri}`, () => {
      assert.match(faultOfRedirectUri(uri) ?? "", fault);
    });
  }

  it("has the same origin as another one with the same scheme, host and port", () => {
    const own = ["https://odoo.bibind.test/callback"];
    assert.equal(hasSameOrigin("https://odoo.bibind.test/bye", own), true);
    assert.equal(hasSameOrigin("https://odoo.bibind.test:8443/bye", own), false);
    assert.equal(hasSameOrigin("https://evil.test/bye", own), false);
  });
});
