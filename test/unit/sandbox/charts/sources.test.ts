import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { chartSources, describeChart } from "../../../../sandbox/charts/sources.ts";
import { charts } from "../../../../stacks/versions.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "..", "sandbox", "charts");
const ours = (await readdir(folder, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const record = z.record(z.string(), z.unknown());
const schemaNode = z.looseObject({ $ref: z.string().optional(), properties: record.optional() });
type SchemaNode = z.infer<typeof schemaNode>;

async function schemaOf(chart: string): Promise<SchemaNode> {
  return schemaNode.parse(JSON.parse(await readFile(join(folder, chart, "values.schema.json"), "utf8")));
}

async function defaultsOf(chart: string): Promise<unknown> {
  return parse(await readFile(join(folder, chart, "values.yaml"), "utf8"));
}

function resolved(node: SchemaNode, root: SchemaNode): SchemaNode {
  const [, name = ""] = /^#\/definitions\/(.+)$/.exec(node.$ref ?? "") ?? [];
  return name === "" ? node : schemaNode.parse(record.parse(root["definitions"])[name]);
}

/** Paths of default values that the schema refuses, and of keys of the schema that have no default. */
function* differences(path: string, schema: SchemaNode, value: unknown, root: SchemaNode): Generator<string> {
  const { properties, additionalProperties } = resolved(schema, root);
  const defaults = record.safeParse(value).data;
  if (properties === undefined || defaults === undefined) {
    return;
  }
  for (const key of Object.keys(defaults)) {
    const inner = properties[key];
    if (inner !== undefined) {
      yield* differences(`${path}.${key}`, schemaNode.parse(inner), defaults[key], root);
    } else if (additionalProperties === false) {
      yield `${path}.${key} is not in the schema`;
    }
  }
  for (const key of Object.keys(properties)) {
    if (!(key in defaults)) {
      yield `${path}.${key} has no default`;
    }
  }
}

/** Keys that have no default in the published charts either. */
const withoutDefault = [
  ".hydra.config.dsn has no default",
  ".hydra.config.urls.self.issuer has no default",
  ".kratos.config.courier.smtp.connection_uri has no default",
  ".kratos.config.dsn has no default",
];

describe("the imitated charts", () => {
  for (const chart of ours) {
    it(`${chart}: the schema knows the keys of the default values and no others`, async () => {
      const schema = await schemaOf(chart);
      assert.equal(schema["additionalProperties"], false);
      const found = [...differences("", schema, await defaultsOf(chart), schema)];
      assert.deepEqual(
        found.filter((difference) => !withoutDefault.includes(difference)),
        [],
      );
    });
  }

  it("are all in the repository", () => {
    assert.deepEqual(
      ours.filter((chart) => !(chart in chartSources)),
      [],
    );
  });

  it("have the name and versions that the platform asks for", async () => {
    for (const chart of ours) {
      const { name, version, appVersion } = await describeChart(join(folder, chart));
      const pin = Object.values(charts).find((each) => each.chart === chart);
      assert.deepEqual(
        { name, version, appVersion },
        { name: pin?.chart, version: pin?.version, appVersion: pin?.appVersion },
      );
    }
  });
});
