import assert from "node:assert/strict";
import { z } from "zod";
import { sandboxRelease } from "../../support/releases.ts";
import { find, names, refusal, rendered, withValue } from "./helm.ts";

const release = await sandboxRelease("cloudnative-pg");

describe("the chart cloudnative-pg", function () {
  this.timeout(600_000);

  it("creates the objects of the published chart, with roles for people", async () => {
    const objects = await rendered(release);
    assert.deepEqual(
      names(objects).filter((name) => !name.startsWith("CustomResourceDefinition ")),
      [
        ...["ClusterRole cloudnative-pg", "ClusterRole cloudnative-pg-edit", "ClusterRole cloudnative-pg-view"],
        ...["ClusterRoleBinding cloudnative-pg", "ConfigMap cnpg-controller-manager-config"],
        ...["ConfigMap cnpg-default-monitoring", "Deployment cloudnative-pg"],
        "MutatingWebhookConfiguration cnpg-mutating-webhook-configuration",
        ...["Service cnpg-webhook-service", "ServiceAccount cloudnative-pg"],
        "ValidatingWebhookConfiguration cnpg-validating-webhook-configuration",
      ],
    );
  });

  it("keeps its definitions when it is removed, and with them every database", async () => {
    const definitions = (await rendered(release)).filter(({ kind }) => kind === "CustomResourceDefinition");
    assert(definitions.some(({ metadata }) => metadata.name === "clusters.postgresql.cnpg.io"));
    for (const { metadata } of definitions) {
      assert.equal(metadata.annotations?.["helm.sh/resource-policy"], "keep", metadata.name);
    }
  });

  it("lets people read, or change, the objects of every definition", async () => {
    const objects = await rendered(release);
    const resources = objects
      .filter(({ kind }) => kind === "CustomResourceDefinition")
      .map(({ metadata }) => metadata.name.replace(".postgresql.cnpg.io", ""));
    const role = z.object({
      rules: z.tuple([z.object({ resources: z.array(z.string()), verbs: z.array(z.string()) })]),
    });
    for (const [name, verb, other] of [
      ["view", "get", "delete"],
      ["edit", "delete", "get"],
    ] as const) {
      const [rule] = role.parse(find(objects, "ClusterRole", `cloudnative-pg-${name}`)).rules;
      assert.deepEqual(rule.resources.sort(), resources.sort());
      assert(rule.verbs.includes(verb) && !rule.verbs.includes(other), rule.verbs.join());
    }
  });

  it("sends the requests of the webhooks to its Service", async () => {
    const configuration = z.object({
      webhooks: z.array(
        z.object({ clientConfig: z.object({ service: z.object({ name: z.string(), namespace: z.string() }) }) }),
      ),
    });
    const objects = await rendered(release);
    for (const kind of ["Mutating", "Validating"]) {
      const name = `cnpg-${kind.toLowerCase()}-webhook-configuration`;
      const { webhooks } = configuration.parse(find(objects, `${kind}WebhookConfiguration`, name));
      assert(webhooks.length > 0);
      for (const { clientConfig } of webhooks) {
        assert.deepEqual(clientConfig.service, { name: "cnpg-webhook-service", namespace: "cnpg-system" });
      }
    }
  });

  it("refuses every value but the number of its pods, and another name", async () => {
    assert.match(await refusal(withValue(release, "config.clusterWide", false)), /'config'/);
    assert.match(await refusal({ ...release, name: "other" }), /installed as cloudnative-pg only/);
  });
});
