import { z } from "zod";
import {
  allowedValues,
  factsOf,
  isLeaf,
  knownKeys,
  schemaAt,
  shapesOf,
  type Schema,
} from "../../stacks/settings/schema.ts";
import type { LayerSettings } from "../../stacks/settings/deployed-layers.ts";
import { platformSchema } from "../../stacks/settings/platform-settings.ts";

interface Row {
  readonly setting: string;
  readonly type: string;
  readonly presence: string;
  readonly secret: boolean;
  readonly meaning: string;
}

/** Where each mapping is described first. The same mapping, or one with further parts, refers to that place later. */
type Described = Map<Schema, string>;

function presence(schema: Schema): string {
  const { required, defaultValue, base } = factsOf(schema);
  if (required) {
    return "required";
  }
  if (defaultValue === undefined) {
    return isLeaf(base) || schema instanceof z.core.$ZodOptional ? "none" : "its parts'";
  }
  return `\`${JSON.stringify(defaultValue)}\``;
}

/** What is inside a setting: a mapping's own parts, or those of each element of a list or record. */
function parts(setting: string, base: Schema): [prefix: string, of: Schema] {
  if (base instanceof z.core.$ZodArray) {
    return [`${setting}[]`, factsOf(base._zod.def.element).base];
  }
  return base instanceof z.core.$ZodRecord
    ? [`${setting}.<name>`, factsOf(base._zod.def.valueType).base]
    : [setting, base];
}

/** The condition under which one shape of several applies: `issuer` is `acme`. */
function condition(base: Schema, shape: z.core.$ZodObject): string {
  if (!(base instanceof z.core.$ZodDiscriminatedUnion)) {
    return "";
  }
  const key: string = base._zod.def.discriminator;
  const property = shape._zod.def.shape[key];
  return property === undefined ? "" : `With ${key} ${allowedValues(property)?.join(" or ") ?? ""}: `;
}

/** A mapping that is described already and whose parts are all parts of this one. */
function describedWithin(inner: Schema, described: Described): readonly [Schema, string] | undefined {
  const own = new Set(partsOf(inner));
  return [...described].find(([other]) => {
    const theirs = partsOf(other);
    return other === inner || (theirs.length > 0 && theirs.every((part) => own.has(part)));
  });
}

function partsOf(base: Schema): Schema[] {
  return base instanceof z.core.$ZodObject ? Object.values(base._zod.def.shape) : [];
}

function reference(inner: Schema, known: readonly [Schema, string] | undefined): string {
  if (known === undefined) {
    return "";
  }
  return known[0] === inner
    ? ` Its parts are those of \`${known[1]}\`.`
    : ` Its parts are those of \`${known[1]}\`, and the following.`;
}

function rowsOf(setting: string, schema: Schema, described: Described, when: string): Row[] {
  const { base, expected, secret, description } = factsOf(schema);
  const [prefix, inner] = parts(setting, base);
  const known = describedWithin(inner, described);
  const meaning = `${when}${description}${reference(inner, known)}`;
  const row = { setting, type: expected, presence: presence(schema), secret, meaning };
  if (known === undefined && !isLeaf(inner)) {
    described.set(inner, prefix);
  }
  return [row, ...rowsInside(`${prefix}.`, inner, described, known?.[0])];
}

/** @param known - a mapping whose parts are omitted, because they are described elsewhere */
function rowsInside(prefix: string, base: Schema, described: Described, known?: Schema): Row[] {
  const leftOut = new Set(known === undefined ? [] : shapesOf(known).flatMap(partsOf));
  return shapesOf(base).flatMap((shape) =>
    Object.entries(shape._zod.def.shape)
      .filter(([, part]) => !leftOut.has(part))
      .flatMap(([key, part]) => rowsOf(`${prefix}${key}`, part, described, condition(base, shape))),
  );
}

const cell = (content: string): string => content.replaceAll("|", "\\|").replaceAll("<", "\\<");

function table(rows: readonly Row[]): string {
  return [
    "| Setting | Type | Default | Secret | Meaning |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(({ setting, type, presence, secret, meaning }) => {
      const cells = [`\`${setting}\``, cell(type), cell(presence), secret ? "secret" : "", cell(meaning)];
      return `| ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

const introduction = `# Settings

Generated from the schemas in \`stacks/*/settings.ts\` by \`make reference\`; do not edit.

An environment is a file \`Pulumi.<name>.yaml\`. All settings below are under its key \`config:\`. Write a setting by hand, or
with \`pulumi config set --path 'bibind:foundation.domain' example.com\`. Write a secret only with
\`pulumi config set --secret --path 'bibind:foundation.host.privateKey' < FILE\`, which encrypts it. Unknown settings and
secrets in plain text are refused, and one message lists all mistakes. With \`settings.schema.json\` next to this page, an
editor completes the file.`;

/** The reference of all settings for people, in Markdown: one table for the platform, one for each layer. */
export function settingsReference(layers: readonly LayerSettings[]): string {
  const root = platformSchema(layers);
  const platform = knownKeys(platformSchema([]), {}).flatMap((key) => {
    const schema = schemaAt(root, [key], {});
    return schema === undefined ? [] : rowsOf(`bibind:${key}`, schema, new Map(), "");
  });
  const sections = layers.flatMap(({ name, settings }) => [
    `## Layer ${name}`,
    `Below \`bibind:${name}\`.`,
    table(rowsInside("", factsOf(settings).base, new Map())),
  ]);
  return [introduction, "## Platform", table(platform), ...sections].join("\n\n") + "\n";
}
