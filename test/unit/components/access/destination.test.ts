import assert from "node:assert/strict";
import { destinationMetadata, destinationSpec } from "../../../../components/access/destination.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { record } from "../../../support/mocks.ts";

describe("the destination of a synced secret", () => {
  it("never holds Vault's whole answer, with or without templates", async () => {
    const { result } = await record(() => {
      const common = { identity: identityOf("hydra"), secretName: "hydra-keys", restarts: [] };
      return [destinationSpec(common), destinationSpec({ ...common, templates: { dsn: "postgres://…" } })];
    });
    for (const spec of result) {
      assert.equal(valueAt(spec, ["destination", "transformation", "excludeRaw"]), true);
    }
  });

  it("holds the keys of the templates and nothing else", async () => {
    const { result } = await record(() =>
      destinationSpec({
        identity: identityOf("hydra"),
        secretName: "hydra-database",
        templates: { dsn: "TEMPLATE" },
        restarts: [],
      }),
    );
    const transformation = ["destination", "transformation"];
    assert.deepEqual(valueAt(result, [...transformation, "templates"]), { dsn: { text: "TEMPLATE" } });
    assert.deepEqual(valueAt(result, [...transformation, "excludes"]), [".*"]);
  });

  it("restarts the given workloads, and names none when there is none", async () => {
    const targets = [{ kind: "Deployment", name: "hydra" }] as const;
    const { result } = await record(() => {
      const common = { identity: identityOf("hydra"), secretName: "hydra-keys" };
      return [targets, []].map((restarts) => destinationSpec({ ...common, restarts })["rolloutRestartTargets"]);
    });
    assert.deepEqual(result, [targets, undefined]);
  });

  it("is in the namespace of the application, and the operator's object has the name of the Secret", async () => {
    const { result } = await record(() =>
      destinationMetadata({ identity: identityOf("hydra"), secretName: "hydra-keys" }, "condition=Ready"),
    );
    assert.deepEqual(result, {
      name: "hydra-keys",
      namespace: "iam",
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    });
  });

  it("refuses a name that Kubernetes refuses", async () => {
    const refused = record(() => destinationMetadata({ identity: identityOf("hydra"), secretName: "Hydra" }, "x"));
    await assert.rejects(refused, /"Hydra" cannot be the name of a kubernetesObject/);
  });
});
