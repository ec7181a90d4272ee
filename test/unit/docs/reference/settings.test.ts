import assert from "node:assert/strict";
import { Document } from "yaml";
import { z } from "zod";
import { layers } from "../../../../stacks/layers.ts";
import { settingsReference } from "../../../../docs/reference/settings.ts";
import { factsOf, isLeaf, shapesOf, type Schema } from "../../../../stacks/settings/schema.ts";
import { loadSettings } from "../../../../stacks/settings/load.ts";
import { secretString } from "../../../../stacks/settings/secret.ts";
import { settingsOf } from "../../../support/environments.ts";

/** Every setting below a schema that has no description. */
function undescribed(path: string, schema: Schema): string[] {
  return shapesOf(factsOf(schema).base).flatMap((shape) =>
    Object.entries(shape._zod.def.shape).flatMap(([key, part]) => {
      const setting = `${path}.${key}`;
      const { base, description } = factsOf(part);
      return [...(description === "" ? [setting] : []), ...(isLeaf(base) ? [] : undescribed(setting, part))];
    }),
  );
}

describe("the reference of the settings", () => {
  it("describes every setting of every layer", () => {
    for (const { name, settings } of layers) {
      assert.deepEqual(undescribed(name, settings), []);
    }
  });

  it("has one section for the platform and one for each layer, in their order", () => {
    const sections = [...settingsReference(layers).matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(sections, ["Platform", ...layers.map(({ name }) => `Layer ${name}`)]);
  });

  it("has the platform's own settings in its section, and those of no layer", () => {
    const [, platform = ""] = settingsReference(layers).split(/^## .*$/m);
    assert.deepEqual(
      [...platform.matchAll(/^\| `(.*?)`/gm)].map(([, setting]) => setting),
      ["bibind:layers", "bibind:upstream", "bibind:protectData"],
    );
  });

  it("shows type, default, secret and meaning, and refers to a mapping that it describes elsewhere, fully or in part", () => {
    const machine = z.strictObject({ key: secretString("a key", /k/).describe("Opens | closes.") });
    const settings = z.strictObject({
      first: machine.optional().describe("One."),
      more: z.array(machine).default([]).describe("Others."),
      named: z.array(machine.extend({ name: z.string().describe("Its name.") })).describe("Named ones."),
    });
    const [, table] = settingsReference([{ name: "shop", needs: [], settings }]).split("## Layer shop\n\n");
    assert.equal(
      table,
      [
        "Below `bibind:shop`.",
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

  it("gives an example of a command after which the settings are still valid", () => {
    const examples = [...settingsReference(layers).matchAll(/`pulumi config set --path 'bibind:([\w.]+)' (\S+)`/g)];
    assert.equal(examples.length, 1);
    for (const [, path = "", value = ""] of examples) {
      const { file, values } = settingsOf("ovh");
      const document = new Document(values);
      // As the engine does, a number becomes a number.
      document.setIn(path.split("."), /^\d+$/.test(value) ? Number(value) : value);
      const changed: unknown = document.toJS();
      assert.doesNotThrow(() =>
        loadSettings({ file, values: z.record(z.string(), z.unknown()).parse(changed) }, layers),
      );
    }
  });
});
