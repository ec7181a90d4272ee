import assert from "node:assert/strict";
import { ApiError } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/api/errors.ts";
import { objectAt } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";
import { collidingLists, patchOf } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/objects/lists.ts";

function refusal(...causes: readonly (readonly [reason: string, field: string])[]): ApiError {
  const details = { causes: causes.map(([reason, field]) => ({ reason, field, message: "" })) };
  return new ApiError(422, { message: "is invalid", details }, "");
}

const web = { name: "web", image: "web:1", ports: [{ name: "http", containerPort: 80 }], env: [{ name: "A" }] };
const inputs = { spec: { ports: [{ name: "http", port: 80 }], template: { spec: { containers: [web] } } } };

describe("lists that cannot be merged", () => {
  it("are lists of the inputs in which a name occurs twice or is missing", () => {
    const twice = refusal(["FieldValueDuplicate", "spec.ports[1].name"]);
    assert.deepEqual(collidingLists(twice, inputs), [["spec", "ports"]]);
    const deeper = refusal(["FieldValueDuplicate", "spec.template.spec.containers[2].ports[1].name"]);
    assert.deepEqual(collidingLists(deeper, inputs), [["spec", "template", "spec", "containers", 2, "ports"]]);
    const unnamed = refusal(["FieldValueRequired", "spec.ports[0].name"], ["FieldValueRequired", "spec.ports[1].name"]);
    assert.equal(collidingLists(unnamed, inputs).length, 2);
  });

  it("are empty when the server refuses anything else, or a list that is not in the inputs", () => {
    for (const other of [
      refusal(["FieldValueDuplicate", "spec.ports[1].name"], ["FieldValueInvalid", "spec.ports[0].port"]),
      refusal(["FieldValueRequired", "spec.selector"]),
      refusal(["FieldValueDuplicate", "spec.externalIPs[1]"]),
      refusal(),
      new Error("no answer of the server"),
    ]) {
      assert.deepEqual(collidingLists(other, inputs), []);
    }
  });

  it("are the only restored fields, and an outer list keeps what other programs added", () => {
    const sidecar = { name: "proxy", image: "proxy:1" };
    const changed = { ...web, image: "web:2", ports: [{ name: "http", containerPort: 81 }], tty: false };
    const live = {
      metadata: { name: "web" },
      spec: {
        ports: [{ name: "http", port: 81 }],
        replicas: 1,
        template: { spec: { containers: [sidecar, changed] } },
      },
    };
    assert.deepEqual(patchOf(live, inputs, [["spec", "ports"]]), { spec: { ports: [{ name: "http", port: 80 }] } });
    assert.deepEqual(patchOf(live, inputs, [["spec", "template", "spec", "containers", 1, "ports"]]), {
      spec: { template: { spec: { containers: [sidecar, { ...changed, ports: web.ports }] } } },
    });
    const both = patchOf(live, inputs, [
      ["spec", "ports"],
      ["spec", "template", "spec", "containers", 1, "ports"],
    ]);
    assert.deepEqual(Object.keys(objectAt(both, "spec")), ["ports", "template"]);
  });
});
