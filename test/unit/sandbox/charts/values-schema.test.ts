import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { strictSchema } from "../../../../sandbox/charts/values-schema.ts";

const values = { controller: { replicas: 1, podSecurityContext: { runAsNonRoot: true }, tolerations: [] }, extra: {} };
const chart = join(import.meta.dirname, "..", "..", "..", "..", "sandbox", "charts", "cloudnative-pg");

describe("the schema of a chart that has none", () => {
  const schema = strictSchema(values, ["{{ .Values.controller.strategy }}", "{{- with .Values.global.name }}"]);

  it("knows the keys of the default values and no others", () => {
    assert.equal(schema.additionalProperties, false);
    assert.equal(schema.properties?.["controller"]?.additionalProperties, false);
    assert.deepEqual(Object.keys(schema.properties["controller"].properties ?? {}), [
      ...["replicas", "podSecurityContext", "tolerations", "strategy"],
    ]);
  });

  it("leaves open what is Kubernetes' own and what is empty by default", () => {
    assert.deepEqual(schema.properties?.["controller"]?.properties?.["podSecurityContext"], {});
    assert.deepEqual(schema.properties["extra"], {});
  });

  it("knows a key that only a template reads", () => {
    assert.deepEqual(schema.properties?.["controller"]?.properties?.["strategy"], {});
    assert.ok("global" in (schema.properties ?? {}));
  });
});

describe("the chart cloudnative-pg", () => {
  const schemaNode = z.object({
    properties: z.record(z.string(), z.unknown()),
    additionalProperties: z.literal(false),
  });

  it("has a schema of exactly the keys that its default values show", async () => {
    const schema = schemaNode.parse(JSON.parse(await readFile(join(chart, "values.schema.json"), "utf8")));
    const defaults = z.record(z.string(), z.unknown()).parse(parse(await readFile(join(chart, "values.yaml"), "utf8")));
    assert.deepEqual(Object.keys(schema.properties).sort(), [...Object.keys(defaults), "global"].sort());
  });
});
