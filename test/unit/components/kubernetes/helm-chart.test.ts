import assert from "node:assert/strict";
import { HelmChart } from "../../../../components/kubernetes/helm-chart.ts";
import { record } from "../../../support/mocks.ts";

const published = { chart: "cloudnative-pg", repository: "https://charts.example.com/", version: "0.26.0" };
const args = { ...published, into: { namespace: "pg" } };

describe("HelmChart", () => {
  it("installs the named chart of the named repository at the exact version", async () => {
    const recording = await record(() => new HelmChart("operator", args, {}));
    const { inputs } = recording.named("operator-release");
    assert.equal(inputs["chart"], "cloudnative-pg");
    assert.equal(inputs["version"], "0.26.0");
    assert.deepEqual(inputs["repositoryOpts"], { repo: "https://charts.example.com/" });
  });

  it("makes a namespace and installs into it", async () => {
    const recording = await record(() => new HelmChart("operator", args, {}));
    assert.equal(recording.named("operator-namespace").parent, "operator");
    assert.equal(recording.named("operator-release").inputs["namespace"], "pg");
  });

  it("installs into the namespace of a model, under the given release name", async () => {
    const recording = await record(
      () => new HelmChart("vault", { ...published, into: { model: "iam" }, releaseName: "vault" }, {}),
    );
    assert.deepEqual(recording.ofType("kubernetes:core/v1:Namespace"), []);
    assert.equal(recording.named("vault-release").inputs["namespace"], "iam");
    assert.equal(recording.named("vault-release").inputs["name"], "vault");
  });

  it("rolls back a release whose workloads are not ready after five minutes", async () => {
    const { inputs } = (await record(() => new HelmChart("operator", args, {}))).named("operator-release");
    assert.equal(inputs["atomic"], true);
    assert.equal(inputs["timeout"], 300);
  });

  it("refuses a namespace that Kubernetes refuses", async () => {
    await assert.rejects(
      record(() => new HelmChart("operator", { ...published, into: { namespace: "Not A Name" } }, {})),
      /"Not A Name" cannot be the name of a kubernetesNamespace/,
    );
  });
});
