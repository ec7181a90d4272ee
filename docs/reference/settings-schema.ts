import { z } from "zod";
import type { LayerSettings } from "../../stacks/settings/deployed-layers.ts";
import { platformSchema } from "../../stacks/settings/platform-settings.ts";

/** In the file, a secret is the encrypted value that `pulumi config set --secret` writes. */
const encrypted = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

function asInFile({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const secret = jsonSchema["secret"] === true;
  delete jsonSchema["secret"];
  delete jsonSchema["expected"];
  delete jsonSchema["hostName"];
  if (secret) {
    delete jsonSchema.pattern;
    Object.assign(jsonSchema, encrypted);
  }
}

/** JSON Schema (draft 7, what editors know best) of a whole `Pulumi.<environment>.yaml`. */
export function settingsJsonSchema(layers: readonly LayerSettings[]): object {
  const { properties = {}, required = [] } = z.toJSONSchema(platformSchema(layers), {
    io: "input",
    target: "draft-07",
    override: asInFile,
  });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Settings of a Bibind environment",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [`bibind:${key}`, value])),
        required: required.map((key) => `bibind:${key}`),
        patternProperties: { "^(?!bibind:)": true },
        additionalProperties: false,
      },
    },
    required: ["config"],
  };
}
