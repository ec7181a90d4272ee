import assert from "node:assert/strict";
import { smtpOptions } from "../../../../../services/identity/pages/mail.ts";

const tls = { rejectUnauthorized: true, servername: "mail.example.com" };

describe("the options for an SMTP server", () => {
  it("of the scheme smtps need TLS from the first byte", () => {
    assert.deepEqual(smtpOptions("smtps://mail.example.com:465"), {
      host: "mail.example.com",
      port: 465,
      secure: true,
      requireTLS: false,
      ignoreTLS: false,
      auth: undefined,
      tls,
    });
  });

  it("of the scheme smtp need STARTTLS unless the URL disables it", () => {
    const { secure, requireTLS, ignoreTLS } = smtpOptions("smtp://mail.example.com:587/");
    assert.deepEqual([secure, requireTLS, ignoreTLS], [false, true, false]);
    const clear = smtpOptions("smtp://mail.example.com:25/?disable_starttls=true");
    assert.deepEqual([clear.secure, clear.requireTLS, clear.ignoreTLS], [false, false, true]);
    assert.equal(smtpOptions("smtp://mail.example.com:25/?disable_starttls=0").requireTLS, true);
  });

  it("decode the credential, which ends at the last @", () => {
    const { auth, host } = smtpOptions("smtps://ada%40example.com:p%2Fw@d@mail.example.com:465");
    assert.deepEqual([auth, host], [{ user: "ada@example.com", pass: "p/w@d" }, "mail.example.com"]);
  });

  it("check the certificate, for the name of the URL or of its parameter", () => {
    assert.deepEqual(smtpOptions("smtps://192.0.2.1:465/?server_name=mail.example.com").tls, tls);
    assert.equal(smtpOptions("smtps://mail.example.com:465/?skip_ssl_verify=true").tls.rejectUnauthorized, false);
  });
});
