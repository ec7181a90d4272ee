import { z } from "zod";
import { platformSchema, type LayerSchemas } from "./platform-settings.ts";

/** A secret in the file is never its text but what `pulumi config set --secret` makes of it. */
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
  if (secret) {
    delete jsonSchema.pattern;
    Object.assign(jsonSchema, encrypted);
  }
}

/** JSON Schema (draft 7, what editors know best) of a whole `Pulumi.<environment>.yaml`. */
export function settingsJsonSchema(schemas: LayerSchemas): object {
  const { properties = {}, required = [] } = z.toJSONSchema(platformSchema(schemas), {
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
