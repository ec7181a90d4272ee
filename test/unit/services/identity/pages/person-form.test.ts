import assert from "node:assert/strict";
import { identitySchema } from "../../../../../components/identity/identity-schema.ts";
import { inputsOf } from "../../../../../services/identity/pages/html/inputs.ts";
import {
  accountFields,
  entriesOf,
  personForm,
  problemsOf,
  profileOf,
  traitsOf,
  type Entries,
} from "../../../../../services/identity/pages/person-form.ts";
import { kratosMessages } from "../../../../../services/identity/texts/kratos-messages.ts";
import { valueAt } from "../../../../../stacks/settings/schema.ts";

const ada: Readonly<Record<string, string>> = {
  "traits.email": " ada@bibind.test ",
  "traits.name.first": "Ada",
  "traits.name.last": "Lovelace",
  "traits.language": "fr",
};
const entries = (changes: Readonly<Record<string, string | undefined>> = {}) =>
  entriesOf(accountFields, (name) => ({ ...ada, ...changes })[name]);
const problems = (given: Entries) => problemsOf(accountFields, given);
const form = (action: string, given: Entries) =>
  personForm({
    fields: accountFields,
    action,
    token: "token",
    entries: given,
    problems: problems(given),
    method: "code",
  });

const schema = identitySchema.properties.traits.properties;

describe("the form about a person", () => {
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

  it("gives the traits that a person changes at any time, and not the address", () => {
    assert.deepEqual(Object.keys(profileOf(entries())), ["name", "language"]);
  });

  it("accepts complete entries", () => {
    assert.deepEqual([...problems(entries())], []);
  });

  for (const [what, name, entry, id] of [
    ["no address", "traits.email", undefined, 4000002],
    ["blanks instead of a name", "traits.name.first", "   ", 4000002],
    ["something that is no address", "traits.email", "ada", 4000004],
    ["a language that the pages do not have", "traits.language", "de", 4000004],
    ["a control character in a name", "traits.name.first", "A\u0007da", 4000004],
    ["two lines in a name", "traits.name.last", "Love\nlace", 4000004],
    ["a character that turns the direction of the text", "traits.organisation", "Bib\u202Edni", 4000004],
    ["an invisible character in a name", "traits.name.first", "A\u200Bda", 4000004],
    ["an address that resembles another one", "traits.email", "ada@bi\u212And.test", 4000004],
    ["an address with a quoted part", "traits.email", '"a b"@bibind.test', 4000004],
    ["a name that is too long", "traits.name.last", "x".repeat(101), 4000017],
    ["an organisation that is too long", "traits.organisation", "x".repeat(201), 4000017],
  ] as const) {
    it(`refuses ${what}, with a message that has a translation`, () => {
      const found = [...problems(entries({ [name]: entry }))];
      assert.deepEqual(
        found.map(([field, problem]) => [field, problem.id]),
        [[name, id]],
      );
      assert(id in kratosMessages);
    });
  }

  it("accepts no more characters than the schema of the identity", () => {
    const { nodes } = form("/registration", entries());
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
    const { nodes, action, method } = form("/registration?a=b", given);
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
