import assert from "node:assert/strict";
import { internalCa } from "../../../../sandbox/commands/ca.ts";

describe("sandbox ca", () => {
  it("gives the certificate of the internal CA", () => {
    assert.equal(internalCa({ foundation: { domain: "bibind.test", caCertificate: "PEM" }, applications: [] }), "PEM");
  });

  it("says what to do when there is none", () => {
    assert.throws(() => internalCa(undefined), /not deployed yet[^]*make up/);
    const publicCa = { foundation: { domain: "bibind.com", caCertificate: "" }, applications: [] };
    assert.throws(() => internalCa(publicCa), /a public CA signs/);
  });
});
