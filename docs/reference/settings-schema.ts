import { z } from "zod";
import type { LayerSettings } from "../../stacks/settings/deployed-layers.ts";
import { platformSchema } from "../../stacks/settings/platform-settings.ts";
import { factsOf, type Schema } from "../../stacks/settings/schema.ts";

/** In the file, a secret is the encrypted value that `pulumi config set --secret` writes. */
const encrypted = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** Whether `pulumi config set` adds the setting to the file: a secret, or a fact of one machine. */
function isGivenByCommand(schema: Schema): boolean {
  const { secret, base } = factsOf(schema);
  return secret || z.globalRegistry.get(base)?.["givenByCommand"] === true;
}

/** A secret setting as the file has it. Some have a form that contains no secret. The file may contain this form unencrypted. */
function secretInFile(clearForm: unknown): object {
  return typeof clearForm === "string"
    ? { anyOf: [encrypted, { type: "string", pattern: clearForm }] }
    : { ...encrypted };
}

interface Conversion {
  readonly zodSchema: Schema;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** Makes a file complete without what `pulumi config set` adds. The program itself requires it, with the exact command. */
function asInFile({ zodSchema, jsonSchema }: Conversion): void {
  const { secret, clearForm } = jsonSchema;
  for (const ours of ["secret", "clearForm", "expected", "hostName", "givenByCommand"]) {
    Reflect.deleteProperty(jsonSchema, ours);
  }
  if (zodSchema instanceof z.core.$ZodObject && jsonSchema.required !== undefined) {
    const { shape } = zodSchema._zod.def;
    jsonSchema.required = jsonSchema.required.filter((key) => {
      const part = shape[key];
      return part !== undefined && !isGivenByCommand(part);
    });
  }
  if (secret === true) {
    delete jsonSchema.pattern;
    delete jsonSchema.type;
    Object.assign(jsonSchema, secretInFile(clearForm));
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
