import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { referenceFiles } from "../../../../docs/reference/generate.ts";
import { settingsJsonSchema } from "../../../../stacks/settings/json-schema.ts";
import { factsOf, isLeaf, shapesOf, type Schema } from "../../../../stacks/settings/anatomy.ts";
import { layerSettings } from "../../../../stacks/settings/layers.ts";
import { settingsReference } from "../../../../stacks/settings/reference.ts";
import { secretString } from "../../../../stacks/settings/secret.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";

/** Every setting below a schema that has no description. */
function undescribed(path: string, schema: Schema): string[] {
  return shapesOf(factsOf(schema).base).flatMap((shape) =>
    Object.entries(shape._zod.def.shape).flatMap(([key, part]) => {
      const here = `${path}.${key}`;
      const { base, description } = factsOf(part);
      return [...(description === "" ? [here] : []), ...(isLeaf(base) ? [] : undescribed(here, part))];
    }),
  );
}

describe("the reference of the settings", () => {
  it("is the one that the schemas make today (make reference)", async () => {
    for (const [name, content] of Object.entries(await referenceFiles())) {
      const committed = readFileSync(new URL(`../../../../docs/reference/${name}`, import.meta.url), "utf8");
      assert.equal(committed, content, `docs/reference/${name} is stale: run make reference`);
    }
  });

  it("describes every setting of every layer", () => {
    for (const [name, schema] of Object.entries(layerSettings)) {
      assert.deepEqual(undescribed(name, schema), []);
    }
  });

  it("shows type, default, secret and meaning, and refers to a mapping that it has described, or described in part", () => {
    const machine = z.strictObject({ key: secretString("a key", /k/).describe("Opens | closes.") });
    const foundation = z.strictObject({
      first: machine.optional().describe("One."),
      more: z.array(machine).default([]).describe("Others."),
      named: z.array(machine.extend({ name: z.string().describe("Its name.") })).describe("Named ones."),
    });
    const table = settingsReference({ foundation }).split("## Layer foundation\n\n")[1];
    assert.equal(
      table,
      [
        "Below `bibind:foundation`.",
        "",
        "| Setting | Type | Default | Secret | Meaning |",
        "| --- | --- | --- | --- | --- |",
        "| `first` | a mapping | none |  | One. |",
        "| `first.key` | a key | required | secret | Opens \\| closes. |",
        "| `more` | a list, each a mapping | `[]` |  | Others. Its parts are those of `first`. |",
        "| `named` | a list, each a mapping | required |  | Named ones. Its parts are those of `first`, and the following. |",
        "| `named[].name` | a text | required |  | Its name. |",
        "",
      ].join("\n"),
    );
  });
});

describe("the JSON Schema of the settings", () => {
  const schema = settingsJsonSchema(layerSettings);
  const config = (...path: string[]) => valueAt(schema, ["properties", "config", ...path]);
  const host = ["properties", "bibind:foundation", "properties", "host", "properties"];

  it("takes a secret only in the encrypted form that Pulumi writes", () => {
    const secret = config(...host, "privateKey");
    assert.deepEqual(valueAt(secret, ["required"]), ["secure"]);
    assert.equal(valueAt(secret, ["type"]), "object");
    assert.equal(valueAt(secret, ["pattern"]), undefined);
  });

  it("refuses unknown settings of ours and lets other namespaces be", () => {
    assert.equal(config("additionalProperties"), false);
    assert.deepEqual(config("patternProperties"), { "^(?!bibind:)": true });
    assert.equal(config("properties", "bibind:foundation", "additionalProperties"), false);
  });

  it("does not ask for what has a default", () => {
    assert.deepEqual(config("required"), ["bibind:layers"]);
    assert.deepEqual(config("properties", "bibind:foundation", "required"), ["domain", "certificates"]);
  });
});
