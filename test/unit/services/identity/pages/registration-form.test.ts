import assert from "node:assert/strict";
import { identitySchema } from "../../../../../components/identity/identity-schema.ts";
import { inputsOf } from "../../../../../services/identity/pages/html/inputs.ts";
import {
  entriesOf,
  problemsOf,
  registrationForm,
  traitsOf,
} from "../../../../../services/identity/pages/registration-form.ts";
import { kratosMessages } from "../../../../../services/identity/texts/kratos-messages.ts";
import { valueAt } from "../../../../../stacks/settings/schema.ts";

const ada: Readonly<Record<string, string>> = {
  "traits.email": " ada@bibind.test ",
  "traits.name.first": "Ada",
  "traits.name.last": "Lovelace",
  "traits.language": "fr",
};
const entries = (changes: Readonly<Record<string, string | undefined>> = {}) =>
  entriesOf((name) => ({ ...ada, ...changes })[name]);

const schema = identitySchema.properties.traits.properties;

describe("the form of a registration", () => {
  it("gives the traits of an identity, without blanks around them and without an empty organisation", () => {
    const name = { first: "Ada", last: "Lovelace" };
    assert.deepEqual(traitsOf(entries()), { email: "ada@bibind.test", name, language: "fr" });
    assert.deepEqual(traitsOf(entries({ "traits.organisation": "Analytical Engines" })), {
      email: "ada@bibind.test",
      name,
      organisation: "Analytical Engines",
      language: "fr",
    });
  });

  it("accepts complete entries", () => {
    assert.deepEqual([...problemsOf(entries())], []);
  });

  for (const [what, name, entry, id] of [
    ["no address", "traits.email", undefined, 4000002],
    ["blanks instead of a name", "traits.name.first", "   ", 4000002],
    ["something that is no address", "traits.email", "ada", 4000004],
    ["a language that the pages do not have", "traits.language", "de", 4000004],
    ["a name that is too long", "traits.name.last", "x".repeat(101), 4000017],
    ["an organisation that is too long", "traits.organisation", "x".repeat(201), 4000017],
  ] as const) {
    it(`refuses ${what}, with a message that has a translation`, () => {
      const problems = [...problemsOf(entries({ [name]: entry }))];
      assert.deepEqual(
        problems.map(([field, problem]) => [field, problem.id]),
        [[name, id]],
      );
      assert(id in kratosMessages);
    });
  }

  it("accepts no more characters than the schema of the identity", () => {
    const { nodes } = registrationForm("/registration", "token", entries(), new Map());
    for (const { attributes } of inputsOf(nodes).filter(({ attributes }) => attributes.name.startsWith("traits."))) {
      const path = attributes.name.split(".").slice(1);
      const longest = valueAt(
        schema,
        path.length === 1 ? [...path, "maxLength"] : ["name", "properties", path[1] ?? "", "maxLength"],
      );
      assert.equal(attributes.maxlength, longest ?? 2, attributes.name);
    }
  });

  it("keeps the entries, and shows each problem at its field", () => {
    const given = entries({ "traits.email": "ada" });
    const { nodes, action, method } = registrationForm("/registration?a=b", "token", given, problemsOf(given));
    assert.deepEqual([action, method], ["/registration?a=b", "post"]);
    const inputs = inputsOf(nodes);
    const named = (name: string) => inputs.find(({ attributes }) => attributes.name === name);
    assert.equal(named("_csrf")?.attributes.value, "token");
    assert.equal(named("traits.email")?.attributes.value, "ada");
    assert.deepEqual(
      inputs.filter(({ node }) => node.messages.length > 0).map(({ attributes }) => attributes.name),
      ["traits.email"],
    );
  });
});
