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
