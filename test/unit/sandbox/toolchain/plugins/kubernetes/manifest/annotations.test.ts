import assert from "node:assert/strict";
import {
  annotationFaults,
  deletionPolicy,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/annotations.ts";

const annotated = (annotations: Record<string, string>) => ({ metadata: { annotations } });

describe("the check of pulumi.com annotations", () => {
  it("accepts the supported ones and those of other programs", () => {
    const good = {
      "pulumi.com/skipAwait": "true",
      "pulumi.com/timeoutSeconds": "60",
      "pulumi.com/waitFor": "condition=Ready",
      "pulumi.com/deletionPropagationPolicy": "orphan",
      "example.com/anything": "x",
    };
    assert.deepEqual(annotationFaults(annotated(good)), []);
  });

  for (const [name, value, message] of [
    ["pulumi.com/skipAwaitt", "true", /not known.*pulumi\.com\/skipAwait/],
    ["pulumi.com/skipAwait", "yes", /"true" or "false"/],
    ["pulumi.com/timeoutSeconds", "5m", /whole number of seconds/],
    ["pulumi.com/waitFor", "Ready", /condition=Type/],
    ["pulumi.com/deletionPropagationPolicy", "later", /foreground, background, orphan/],
  ] as const) {
    it(`refuses ${name}: ${value} by its name`, () => {
      const [fault = ""] = annotationFaults(annotated({ [name]: value }));
      assert.ok(fault.includes(name), fault);
      assert.match(fault, message);
    });
  }

  it("chooses deletion in the foreground by default", () => {
    assert.equal(deletionPolicy({}), "Foreground");
    assert.equal(deletionPolicy(annotated({ "pulumi.com/deletionPropagationPolicy": "Background" })), "Background");
  });
});
