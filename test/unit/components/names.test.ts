import assert from "node:assert/strict";
import { physicalName, type NameKind } from "../../../components/names.ts";
import { OperatorError } from "../../../components/errors/operator-error.ts";

const kinds: readonly [NameKind, number][] = [
  ["kubernetesObject", 63],
  ["kubernetesNamespace", 63],
  ["helmRelease", 53],
  ["jujuModel", 63],
  ["jujuApplication", 50],
  ["jujuOffer", 63],
  ["vaultMount", 128],
  ["vaultPolicy", 128],
  ["vaultRole", 128],
  ["postgresIdentifier", 63],
  ["oauthClient", 63],
  ["gitlabPath", 255],
  ["openStackServer", 63],
  ["openStackNetwork", 255],
  ["openStackVolume", 255],
];

describe("physicalName", () => {
  for (const [kind, longest] of kinds) {
    it(`keeps a name of ${longest} characters of a ${kind} and cuts a longer one to a name that is allowed`, () => {
      const whole = "a".repeat(longest);
      assert.equal(physicalName(kind, whole), whole);
      const cut = physicalName(kind, `${whole}a`);
      assert.equal(cut.length, longest);
      assert.equal(physicalName(kind, cut), cut, "a cut name is a name of that kind");
    });
  }

  it("joins the parts, in PostgreSQL with underscores", () => {
    assert.equal(physicalName("kubernetesNamespace", "bibind", "iam"), "bibind-iam");
    assert.equal(physicalName("postgresIdentifier", "bibind", "iam"), "bibind_iam");
  });

  it("gives two long names that begin alike two names, and one name the same at every call", () => {
    const long = "a".repeat(70);
    assert.notEqual(physicalName("helmRelease", long, "one"), physicalName("helmRelease", long, "two"));
    assert.equal(physicalName("helmRelease", long, "one"), physicalName("helmRelease", long, "one"));
  });

  it("does not leave two separators where it cuts", () => {
    assert.match(physicalName("helmRelease", `${"a".repeat(44)}-${"b".repeat(20)}`), /^a+-h[0-9a-f]{6}$/);
  });

  it("refuses what the kind does not allow, and says what it allows", () => {
    assert.throws(
      () => physicalName("kubernetesNamespace", "Bibind"),
      (error: unknown) =>
        error instanceof OperatorError && /"Bibind" cannot be the name of a kubernetesNamespace/.test(error.message),
    );
    assert.throws(() => physicalName("jujuApplication", "odoo-19"), OperatorError);
  });

  it("takes a kind without limits for a bug", () => {
    const kind: string = "floppyDisk";
    // @ts-expect-error a kind that the table does not have does not compile either
    assert.throws(() => physicalName(kind, "a"), /no limits are known for names of kind "floppyDisk"/);
  });
});
