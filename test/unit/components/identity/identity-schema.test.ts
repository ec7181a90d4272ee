import assert from "node:assert/strict";
import { identitySchema, languages } from "../../../../components/identity/identity-schema.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";

const traits = identitySchema.properties.traits;

describe("what the platform knows of a person", () => {
  it("needs an e-mail address and a name, and takes nothing that is not listed", () => {
    assert.deepEqual(traits.required, ["email", "name"]);
    assert.equal(traits.additionalProperties, false);
    assert.equal(traits.properties.name.additionalProperties, false);
  });

  it("signs in, verifies and recovers by the e-mail address", () => {
    assert.deepEqual(traits.properties.email["ory.sh/kratos"], {
      credentials: { password: { identifier: true } },
      verification: { via: "email" },
      recovery: { via: "email" },
    });
  });

  it("speaks French unless told otherwise, or English", () => {
    assert.deepEqual(languages, ["fr", "en"]);
    assert.deepEqual(traits.properties.language.enum, languages);
    assert.equal(traits.properties.language.default, "fr");
  });

  it("leaves to administrators what a person may not say of himself", () => {
    assert.deepEqual(Object.keys(traits.properties).sort(), ["email", "language", "name", "organisation"]);
    assert(!JSON.stringify(identitySchema).includes("odoo"));
  });

  it("bounds every text, so that nobody fills the database", () => {
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
