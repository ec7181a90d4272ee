import assert from "node:assert/strict";
import { faultOfSmtpUrl } from "../../../../stacks/iam/smtp-url.ts";

describe("the URL of an SMTP server", () => {
  for (const url of [
    "smtps://mail.example.com:465",
    "smtp://mail.example.com:587/",
    "smtp://172.30.0.2:1025/?disable_starttls=true",
    "smtps://user@mail.example.com:465",
    "smtps://user:password@Mail.Example.com:465",
    "smtps://user:@mail.example.com:465",
    "smtps://user%40example.com:p%23%2F%25%3F@mail.example.com:465",
    "smtps://user:p@w~!$&'()*+,;=:w@mail.example.com:465",
    "smtps://user:password@mail.example.com:465/?skip_ssl_verify=1&server_name=example.com",
    "smtp://user:password@mail.example.com:587/?disable_starttls=false",
  ]) {
    it(`may be ${url}`, () => {
      assert.equal(faultOfSmtpUrl(url), undefined);
    });
  }

  for (const [url, fault] of [
    ["mail.example.com:465", /does not begin/],
    ["https://mail.example.com:465", /does not begin/],
    ["SMTPS://mail.example.com:465", /does not begin/],
    ["smtps://user:p#w@mail.example.com:465", /percent-encoded/],
    ["smtps://user:p/w@mail.example.com:465", /percent-encoded/],
    ["smtps://user:1/2@mail.example.com:465", /percent-encoded/],
    ["smtps://user:p?w@mail.example.com:465", /percent-encoded/],
    ["smtps://user:p%w@mail.example.com:465", /percent-encoded/],
    ["smtps://user:p[w@mail.example.com:465", /percent-encoded/],
    ['smtps://user:p"w@mail.example.com:465', /percent-encoded/],
    ["smtps://user:p w@mail.example.com:465", /percent-encoded/],
    ["smtps://user:p\nw@mail.example.com:465", /percent-encoded/],
    ["smtps://user:pé@mail.example.com:465", /percent-encoded/],
    ["smtps://:password@mail.example.com:465", /no user/],
    ["smtps://@mail.example.com:465", /no user/],
    ["smtps:///", /host/],
    ["smtps://", /host/],
    ["smtps://:465", /host/],
    ["smtps://bücher.example:465", /host/],
    ["smtps://[::1]:465", /host/],
    ["smtps://300.1.1.1:465", /host/],
    ["smtps://mail.example.com", /port/],
    ["smtps://mail.example.com:", /port/],
    ["smtps://mail.example.com:0", /port/],
    ["smtps://mail.example.com:65536", /port/],
    ["smtps://mail.example.com:465/path", /only parameters/],
    ["smtps://mail.example.com:465#top", /port/],
    ["smtps://mail.example.com:465/#top", /only parameters/],
    ["smtps://mail.example.com:465/?disable_startls=true", /unknown/],
    ["smtps://mail.example.com:465/?skip_ssl_verify=yes", /wrong value/],
    ["smtp://mail.example.com:587/?server_name=", /wrong value/],
    ["smtp://user:password@mail.example.com:25/?disable_starttls=true", /needs TLS/],
  ] as const) {
    it(`may not be ${JSON.stringify(url)}, and no part of it is in the message`, () => {
      const message = faultOfSmtpUrl(url) ?? "";
      assert.match(message, fault);
      assert.doesNotMatch(message, /password@|mail\.|p.w@/);
    });
  }
});
