import assert from "node:assert/strict";
import { physicalName, type NameKind } from "../../../components/names.ts";
import { OperatorError } from "../../../components/errors/operator-error.ts";

const kinds: readonly [NameKind, number][] = [
  ["kubernetesObject", 63],
  ["kubernetesNamespace", 63],
  ["helmRelease", 53],
  ["vaultPathPart", 128],
  ["vaultPolicy", 128],
  ["vaultRole", 128],
  ["postgresIdentifier", 63],
  ["oauthClient", 63],
];

describe("physicalName", () => {
  for (const [kind, longest] of kinds) {
    it(`keeps a ${kind} of ${longest} characters, and shortens a longer one to a name that is allowed`, () => {
      const whole = "a".repeat(longest);
      assert.equal(physicalName(kind, whole), whole);
      const short = physicalName(kind, `${whole}a`);
      assert.equal(short.length, longest);
      assert.equal(physicalName(kind, short), short, "the shortened name is allowed");
    });
  }

  it("joins the parts with dashes, in PostgreSQL with underscores", () => {
    assert.equal(physicalName("kubernetesNamespace", "bibind", "iam"), "bibind-iam");
    assert.equal(physicalName("postgresIdentifier", "bibind", "iam"), "bibind_iam");
  });

  it("gives two names to two long names that start alike, and the same name at every call", () => {
    const long = "a".repeat(70);
    assert.notEqual(physicalName("helmRelease", long, "one"), physicalName("helmRelease", long, "two"));
    assert.equal(physicalName("helmRelease", long, "one"), physicalName("helmRelease", long, "one"));
  });

  it("leaves one separator where it cuts", () => {
    assert.match(physicalName("helmRelease", `${"a".repeat(44)}-${"b".repeat(20)}`), /^a+-h[0-9a-f]{6}$/);
  });

  it("refuses a name that the kind does not allow, and says what it allows", () => {
    assert.throws(
      () => physicalName("kubernetesNamespace", "Bibind"),
      (error: unknown) =>
        error instanceof OperatorError &&
        /"Bibind" cannot be the name of a kubernetesNamespace/.test(error.message) &&
        /use lower-case letters, digits and dashes.*longer than 63 characters/.test(error.message),
    );
  });

  it("reports a kind that the table lacks as a bug", () => {
    const kind: string = "floppyDisk";
    // @ts-expect-error a kind that the table lacks does not compile either
    assert.throws(() => physicalName(kind, "a"), /names of kind "floppyDisk" have no limits/);
  });
});
