import assert from "node:assert/strict";
import { layers } from "../../../../stacks/layers.ts";
import { settingsJsonSchema } from "../../../../docs/reference/settings-schema.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";

const schema = settingsJsonSchema(layers);
const config = (...path: string[]) => valueAt(schema, ["properties", "config", ...path]);
const keysOf = (value: unknown): string[] => (typeof value === "object" && value !== null ? Object.keys(value) : []);
const host = ["properties", "bibind:foundation", "properties", "host", "properties"];

describe("the JSON Schema of the settings", () => {
  it("accepts a secret only in the encrypted form that Pulumi writes", () => {
    const secret = config(...host, "privateKey");
    assert.deepEqual(valueAt(secret, ["required"]), ["secure"]);
    assert.equal(valueAt(secret, ["type"]), "object");
    assert.equal(valueAt(secret, ["pattern"]), undefined);
  });

  it("refuses unknown settings of the platform and accepts those of other namespaces", () => {
    assert.equal(config("additionalProperties"), false);
    assert.deepEqual(config("patternProperties"), { "^(?!bibind:)": true });
    assert.equal(config("properties", "bibind:foundation", "additionalProperties"), false);
  });

  it("does not require what has a default, nor a layer that the stack may not deploy", () => {
    assert.deepEqual(config("required"), ["bibind:layers"]);
    assert.deepEqual(config("properties", "bibind:foundation", "required"), ["domain", "certificates"]);
  });

  it("has a property for each layer, and one for each setting of the platform", () => {
    const properties = keysOf(config("properties"));
    const own = ["bibind:layers", "bibind:upstream", "bibind:protectData"];
    assert.deepEqual(properties, [...own, ...layers.map(({ name }) => `bibind:${name}`)]);
  });

  it("has only keywords of JSON Schema", () => {
    const hostName = config("properties", "bibind:iam", "properties", "vault", "properties", "hostName");
    assert.deepEqual(keysOf(hostName).sort(), ["default", "description", "pattern", "type"]);
    const secret = config(...host, "privateKey");
    assert.deepEqual(keysOf(secret).sort(), ["additionalProperties", "description", "properties", "required", "type"]);
  });
});
