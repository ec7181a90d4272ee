import assert from "node:assert/strict";
import { identitySchema, languages } from "../../../../components/identity/identity-schema.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";

const traits = identitySchema.properties.traits;

describe("the schema of a person", () => {
  it("requires an e-mail address and a name, and refuses unknown traits", () => {
    assert.deepEqual(traits.required, ["email", "name"]);
    assert.equal(traits.additionalProperties, false);
    assert.equal(traits.properties.name.additionalProperties, false);
  });

  it("uses the e-mail address for sign-in, verification and recovery", () => {
    assert.deepEqual(traits.properties.email["ory.sh/kratos"], {
      credentials: { password: { identifier: true } },
      verification: { via: "email" },
      recovery: { via: "email" },
    });
  });

  it("has the languages French, the default, and English", () => {
    assert.deepEqual(languages, ["fr", "en"]);
    assert.deepEqual(traits.properties.language.enum, languages);
    assert.equal(traits.properties.language.default, "fr");
  });

  it("has no trait that only an administrator may set", () => {
    assert.deepEqual(Object.keys(traits.properties).sort(), ["email", "language", "name", "organisation"]);
    assert(!JSON.stringify(identitySchema).includes("odoo"));
  });

  it("refuses invisible characters in every text, and characters outside of ASCII in the address", () => {
    const { email, organisation, name } = traits.properties;
    for (const text of [organisation, ...Object.values(name.properties)]) {
      const pattern = new RegExp(String(valueAt(text, ["pattern"])), "u");
      assert.deepEqual(
        ["Zoë O’Neill-Łukasz", "李", "a\u0000b", "a\nb", "a\u0085b", "a\u202Eb", "a\u2028b", "a\u200Bb"].map((one) =>
          pattern.test(one),
        ),
        [true, true, false, false, false, false, false, false],
      );
    }
    const address = new RegExp(email.pattern, "u");
    assert.deepEqual(
      ["ada@bibind.test", "ada@bi\u212And.test", "a\nb@bibind.test", "a b@bibind.test"].map((one) => address.test(one)),
      [true, false, false, false],
    );
  });

  it("limits the length of every text", () => {
    const texts = [
      traits.properties.email,
      traits.properties.organisation,
      ...Object.values(traits.properties.name.properties),
    ];
    for (const text of texts) {
      assert.equal(typeof valueAt(text, ["maxLength"]), "number");
    }
  });
});
