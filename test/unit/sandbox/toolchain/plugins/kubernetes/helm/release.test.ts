import assert from "node:assert/strict";
import { recovery } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/recover.ts";
import { releaseFaults } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/properties.ts";
import {
  resourceNames,
  type ReleaseRecord,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/record.ts";
import { refusedValues } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/refusal.ts";
import { diffRelease } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/check.ts";
import { driftedInputs } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/drift.ts";

const record = (revision: number, status: string, more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  name: "web",
  namespace: "shop",
  revision,
  status,
  owner: "o",
  values: {},
  chart: { name: "nginx", version: "1.2.3", appVersion: "1" },
  manifest: "",
  hooks: [],
  ...more,
});
const inputs = { name: "web", namespace: "shop", chart: "nginx", version: "1.2.3", values: { a: { b: 1 } } };
const healthy = { status: { status: "deployed" } };

describe("a Helm release", () => {
  it("is unchanged when its inputs are unchanged", () => {
    assert.equal(diffRelease(inputs, healthy, inputs).changes, false);
  });

  it("is upgraded for new values and replaced for another name", () => {
    const upgraded = diffRelease(inputs, healthy, { ...inputs, values: { a: { b: 2 } } });
    assert.deepEqual([upgraded.diffs, upgraded.replaces], [["values"], []]);
    assert.deepEqual(upgraded.detailed, { "values.a.b": { kind: "update", inputDiff: true } });
    assert.deepEqual(diffRelease(inputs, healthy, { ...inputs, name: "other" }).replaces, ["name"]);
  });

  it("is upgraded when its last revision failed or was interrupted", () => {
    for (const status of ["failed", "pending-upgrade"]) {
      assert.deepEqual(diffRelease(inputs, { status: { status } }, inputs).diffs, ["status"]);
    }
  });

  it("shows values and a version that were changed by hand", () => {
    assert.deepEqual(driftedInputs(inputs, record(1, "deployed", { values: { a: { b: 1 } } })), inputs);
    const other = record(2, "deployed", {
      values: { a: { b: 2 } },
      chart: { name: "nginx", version: "1.3.0", appVersion: "" },
    });
    assert.deepEqual(driftedInputs(inputs, other), { ...inputs, values: { a: { b: 2 } }, version: "1.3.0" });
  });

  it("does not compare a version range with a version", () => {
    const ranged = { ...inputs, version: "^1.0.0" };
    assert.deepEqual(driftedInputs(ranged, record(1, "deployed", { values: { a: { b: 1 } } })), ranged);
  });

  for (const [revisions, expected] of [
    [[], { step: "none", then: "install" }],
    [[record(1, "pending-install")], { step: "uninstall", then: "install" }],
    [[record(2, "pending-upgrade"), record(1, "deployed")], { step: "rollback", to: 1, then: "upgrade" }],
    [[record(2, "pending-upgrade"), record(1, "failed")], { step: "uninstall", then: "install" }],
    [[record(1, "failed")], { step: "none", then: "upgrade" }],
    [[record(1, "uninstalling")], { step: "uninstall", then: "install" }],
    [[record(3, "deployed"), record(2, "superseded")], { step: "none", then: "upgrade" }],
  ] as const) {
    it(`recovers from [${revisions.map(({ status }) => status).join(", ")}] by ${expected.step}, then ${expected.then}`, () => {
      const { step, then, ...rest } = recovery(revisions);
      assert.deepEqual({ step, then, ...("to" in rest ? { to: rest.to } : {}) }, expected);
    });
  }

  it("refuses a property by its name", () => {
    const faults = releaseFaults({
      chart: "x",
      verify: true,
      valuess: {},
      timeout: "5m",
      repositoryOpts: { url: "x" },
    });
    assert.deepEqual(
      faults.map((fault) => fault.split(":")[0]),
      ["verify", "valuess", "timeout", "repositoryOpts.url"],
    );
    assert.deepEqual(releaseFaults(inputs), []);
  });

  it("names a value that the chart's schema refuses", () => {
    const head = "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nnginx:\n";
    assert.deepEqual(refusedValues(`${head}- at '/image': additional properties 'tgg', 'x' not allowed\n`), [
      "image.tgg is not a value of this chart",
      "image.x is not a value of this chart",
    ]);
    assert.deepEqual(refusedValues(`${head}- at '/replicas': got string, want integer\n`), [
      "replicas: got string, want integer",
    ]);
    assert.deepEqual(refusedValues(`${head}- (root): Additional property bogus is not allowed\n`), [
      "bogus is not a value of this chart",
    ]);
    assert.deepEqual(refusedValues("Error: timed out"), []);
  });

  it("lists its objects by kind", async () => {
    const manifest = [
      "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: n}",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}",
      "# nothing",
    ].join("\n---\n");
    assert.deepEqual(await resourceNames(record(1, "deployed", { manifest })), {
      "Deployment/apps/v1": ["b"],
      "Service/v1": ["n/a"],
    });
  });
});
