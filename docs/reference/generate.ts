import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { format } from "prettier";
import { layers } from "../../stacks/layers.ts";
import { settingsJsonSchema } from "./settings-schema.ts";
import { settingsReference } from "./settings.ts";
import { outputsReference } from "./outputs.ts";
import { relationsSvg } from "./relations.ts";

/** The generated files of this folder, by name. */
export async function referenceFiles(): Promise<Record<string, string>> {
  const schema = JSON.stringify(settingsJsonSchema(layers));
  return {
    "outputs.md": await format(outputsReference(layers), { parser: "markdown", printWidth: 120 }),
    "relations.svg": await relationsSvg(),
    "settings.md": await format(settingsReference(layers), { parser: "markdown", printWidth: 120 }),
    "settings.schema.json": await format(schema, { parser: "json", printWidth: 120 }),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { positionals: wanted } = parseArgs({ allowPositionals: true });
  for (const [name, content] of Object.entries(await referenceFiles())) {
    if (wanted.length === 0 || wanted.includes(name)) {
      writeFileSync(new URL(name, import.meta.url), content);
    }
  }
}
