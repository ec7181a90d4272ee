import assert from "node:assert/strict";
import { ApiError } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/errors.ts";
import {
  explained,
  fieldConflicts,
  immutableFields,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/objects/refusal.ts";
import { includesField } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/objects/write.ts";

const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "web", namespace: "shop" };

function messageOf(error: ApiError, object = deployment): string {
  const result = explained(error, object, "apply");
  assert.ok(result instanceof Error);
  return result.message;
}

const causes = (...list: { reason: string; field: string; message: string }[]) => ({ details: { causes: list } });

describe("a refusal of the API server", () => {
  it("names the property that the schema does not have", () => {
    const message =
      "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.bogus: field not declared in schema";
    assert.match(
      messageOf(new ApiError(500, { message }, "")),
      /Deployment "web" in namespace "shop".*: spec\.bogus\./,
    );
    const strict = 'strict decoding error: unknown field "spec.sizee"';
    assert.match(messageOf(new ApiError(400, { message: strict }, "")), /spec\.sizee/);
  });

  it("names the fields of other managers and how to take them over", () => {
    const error = new ApiError(
      409,
      causes({ reason: "FieldManagerConflict", field: ".spec.replicas", message: 'conflict with "hpa" using apps/v1' }),
      "",
    );
    assert.deepEqual(fieldConflicts(error), [{ field: ".spec.replicas", manager: "hpa" }]);
    assert.match(messageOf(error), /spec\.replicas \(by "hpa"\).*pulumi\.com\/patchForce/s);
  });

  for (const message of [
    'Invalid value: {"app":"b"}: field is immutable',
    "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden",
    'Invalid value: ["10.0.0.9"]: may not change once set',
    "Invalid value: 2: size is immutable",
  ]) {
    it(`with "${message}" is treated as an immutable field`, () => {
      const error = new ApiError(422, causes({ reason: "x", field: "spec.a", message }), "");
      assert.deepEqual(immutableFields(error), ["spec.a"]);
    });
  }

  it("about an invalid value is not treated as an immutable field", () => {
    const error = new ApiError(422, causes({ reason: "x", field: "spec.a", message: "must be positive" }), "");
    assert.deepEqual(immutableFields(error), []);
  });

  it("does not repeat the values of a Secret", () => {
    const error = new ApiError(
      422,
      causes({ reason: "FieldValueInvalid", field: "data[x]", message: 'Invalid value: "hunter2": bad' }),
      "Secret is invalid: hunter2",
    );
    const text = messageOf(error, { apiVersion: "v1", kind: "Secret", name: "s", namespace: "shop" });
    assert.match(text, /data\[x\]/);
    assert.doesNotMatch(text, /hunter2/);
  });
});

describe("includesField", () => {
  it("finds the field of a conflict in the inputs", () => {
    const inputs = { spec: { replicas: 1, template: { containers: [{ name: "web", image: "1" }] } } };
    assert.equal(includesField(inputs, ".spec.replicas"), true);
    assert.equal(includesField(inputs, '.spec.template.containers[name="web"].image'), true);
    assert.equal(includesField(inputs, ".spec.paused"), false);
  });
});
