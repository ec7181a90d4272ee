import assert from "node:assert/strict";
import { isPlainReturnUrl } from "../../../../../services/identity/pages/return-url.ts";

describe("a URL to return to", () => {
  for (const url of [
    undefined,
    "",
    "https://odoo.bibind.test",
    "https://odoo.bibind.test/",
    "https://127.0.0.1:8443/settings?flow=1",
    "https://auth.bibind.test/oauth2/auth?redirect_uri=https%3A%2F%2Fodoo.bibind.test%2F&scope=openid+email",
  ]) {
    it(`may be ${String(url)}`, () => assert.equal(isPlainReturnUrl(url), true));
  }

  for (const url of [
    "https://ada@odoo.bibind.test/",
    "https://ada:password@odoo.bibind.test/",
    "https://odoo.bibind.test\\@evil.test/",
    "https:\\\\evil.test/",
    "https:evil.test/",
    "http://odoo.bibind.test/",
    "javascript:alert(1)",
    "//evil.test/",
    "/settings",
    "https://odoo.bibind.test/\nx",
    ["https://odoo.bibind.test/", "https://evil.test/"],
  ]) {
    it(`may not be ${JSON.stringify(url)}`, () => assert.equal(isPlainReturnUrl(url), false));
  }
});
