import assert from "node:assert/strict";
import { applicationLabel, applicationLabels } from "../../../../components/kubernetes/application.ts";
import { Opening } from "../../../../components/kubernetes/opening.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { record } from "../../../support/mocks.ts";

describe("the labels of an application's pods", () => {
  it("are the ones by which an opening finds them", async () => {
    const recording = await record(
      () =>
        new Opening("way", { from: { namespace: "a" }, to: { namespace: "b", application: "hydra" }, ports: [1] }, {}),
    );
    const wanted = valueAt(recording.named("way-policy").inputs, ["spec", "podSelector", "matchLabels"]);
    assert.deepEqual(wanted, { [applicationLabel]: applicationLabels("hydra")[applicationLabel] });
  });

  it("hold the name by which people and tools look for an application", () => {
    assert.equal(applicationLabels("hydra")["app.kubernetes.io/name"], "hydra");
  });
});
