import assert from "node:assert/strict";
import { strictSchema } from "../../../../sandbox/charts/values-schema.ts";

const values = { controller: { replicas: 1, podSecurityContext: { runAsNonRoot: true }, tolerations: [] }, extra: {} };

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
