import assert from "node:assert/strict";
import { applicationLabel, applicationLabels } from "../../../../components/kubernetes/application.ts";
import { Opening } from "../../../../components/kubernetes/opening.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { record } from "../../../support/mocks.ts";

describe("the labels of an application's pods", () => {
  it("are those that an opening selects", async () => {
    const to = { namespace: "b", application: "hydra" };
    const recording = await record(() => new Opening("opening", { from: { namespace: "a" }, to, ports: [1] }, {}));
    const selected = valueAt(recording.named("opening-policy").inputs, ["spec", "podSelector", "matchLabels"]);
    assert.deepEqual(selected, { [applicationLabel]: applicationLabels("hydra")[applicationLabel] });
  });

  it("include the name by which people and tools look for an application", () => {
    assert.equal(applicationLabels("hydra")["app.kubernetes.io/name"], "hydra");
  });
});
