import assert from "node:assert/strict";
import type { z } from "zod";
import {
  dnsLabel,
  dnsName,
  displayName,
  emailAddress,
  hostAddress,
  network,
  port,
  webAddress,
} from "../../../../stacks/settings/values.ts";

/** Values that a schema accepts, and values that it refuses. */
interface Sample {
  readonly schema: z.ZodType;
  readonly accepts: readonly unknown[];
  readonly refuses: readonly unknown[];
}

const label63 = "a".repeat(63);

const samples: Record<string, Sample> = {
  port: { schema: port(), accepts: [1, 22, 65535], refuses: [0, 65536, -1, 22.5, "22", null, NaN] },
  "DNS label": {
    schema: dnsLabel("x"),
    accepts: ["a", "a-b", "9", label63],
    refuses: ["", "A", "-a", "a-", "a.b", "a_b", `${label63}a`, "a\n"],
  },
  "DNS name": {
    schema: dnsName("x.y"),
    accepts: ["bibind.test", "a.b.c", `${label63}.test`],
    refuses: [
      "bibind",
      "Bibind.test",
      "bibind.test.",
      ".test",
      "a..b",
      "*.test",
      "a b.test",
      `${"a.".repeat(127)}aa`,
      "10.0.0.1",
    ],
  },
  "host address": {
    schema: hostAddress(),
    accepts: ["172.30.0.2", "server", "server.bibind.com", "4you.example"],
    refuses: ["300.1.1.1", "1.2.3", "12", "::1", "user@server", "server:22", "https://server", ""],
  },
  network: {
    schema: network(),
    accepts: ["10.0.0.0/8", "192.168.1.0/24", "1.2.3.4/32"],
    refuses: ["10.0.0.0", "10.0.0.0/", "0.0.0.0/0", "10.0.0.0/7", "10.0.0.0/33", "10.0.0/24", "10.0.0.0/24/1", "::/64"],
  },
  "web address": {
    schema: webAddress("https://x", ["https"]),
    accepts: ["https://acme.test/directory", "https://acme.test:8443", "https://10.0.0.1/a%20b?c=d", "https://acme"],
    refuses: [
      ...["http://acme.test", "acme.test", "https://", "https://a b", " https://acme.test", "oci://acme.test"],
      // URL would accept and change these, and Go refuses them or reads them in another way.
      ...[
        "https:acme.test",
        "https:///acme.test",
        "https://acme.test\\x",
        "https://acme.test/%zz",
        "https://acme.test/é",
      ],
      ...["https://bücher.test", "https://acme.test:0", "https://acme.test:99999", "https://acme.test\n"],
      ...["https://user:password@acme.test", "https://acme.test#top", "https://300.1.1.1"],
    ],
  },
  "display name": {
    schema: displayName(),
    accepts: ["Bibind", "Édouard & Cie", "é".repeat(64)],
    refuses: ["", "  ", "a\nb", "a\u0000", "a".repeat(65)],
  },
  "e-mail address": {
    schema: emailAddress(),
    accepts: ["ada@bibind.test"],
    refuses: ["ada", "jürgen@example.com", "ada@bücher.example"],
  },
};

describe("the types of settings", () => {
  for (const [name, { schema, accepts, refuses }] of Object.entries(samples)) {
    it(`accept a ${name} in every usual form`, () => {
      for (const value of accepts) {
        assert.equal(schema.safeParse(value).success, true, String(value));
      }
    });

    it(`refuse a wrong ${name}`, () => {
      for (const value of refuses) {
        assert.equal(schema.safeParse(value).success, false, String(value));
      }
    });
  }
});
