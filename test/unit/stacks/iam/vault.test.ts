import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { peopleClient } from "../../../../stacks/graph/consequences.ts";
import { applications, relations } from "../../../../stacks/relations.ts";
import { charts } from "../../../../stacks/versions.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { hashiCorpVault, recordIam } from "../../../support/iam.ts";
import { isSecret, secretValue } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

describe("Vault in the layer iam", () => {
  it("is OpenBao, from its pinned chart, unless the settings say otherwise", async () => {
    const { inputs } = (await recordIam()).named("iam-vault-chart-release");
    assert.deepEqual([inputs["chart"], inputs["version"]], ["openbao", charts.openbao.version]);
    assert.deepEqual(inputs["repositoryOpts"], { repo: charts.openbao.repository });
  });

  it("answers people at its own name below the domain", async () => {
    const recording = await recordIam({ settings: { vault: { hostName: "secrets" } } });
    assert.deepEqual(valueAt(recording.named("iam-vault-door-certificate").inputs, ["spec", "dnsNames"]), [
      "secrets.bibind.test",
    ]);
    assert.equal(
      valueAt(recording.named("iam-vault-route-ingress").inputs, ["spec", "rules", "0", "host"]),
      "secrets.bibind.test",
    );
  });

  it("has a deployer: an account of the model whose token no pod is given", async () => {
    const { inputs } = (await recordIam()).named("iam-deployer");
    assert.deepEqual(inputs["metadata"], { name: "pulumi", namespace: "iam" });
    assert.equal(inputs["automountServiceAccountToken"], false);
  });

  it("is configured only when it runs and the deployer's account is there", async () => {
    const { uses, inputs } = (await recordIam()).named("iam-vault-session-provider");
    assert(uses.includes("iam-vault-chart-release") && uses.includes("iam-deployer"));
    assert.equal(inputs["address"], "https://vault.bibind.test");
  });

  it("is not initialised by a task where it does that itself", async () => {
    assert.deepEqual((await recordIam()).ofType("bibind:vault:VaultInit"), []);
  });

  it("is initialised by a task where it is HashiCorp's, before anybody signs in", async () => {
    const recording = await recordIam({ settings: { vault: hashiCorpVault } });
    assert(recording.named("iam-vault-init-task-config").uses.includes("iam-vault-chart-release"));
    assert(recording.named("iam-vault-session-provider").uses.includes("iam-vault-init-task-job"));
    assert.equal(isSecret(recording.named("iam-vault-session-provider").inputs["address"]), false);
    assert.equal(await pulumi.isSecret(recording.result.vaultRecoveryKeys), true);
    assert.equal(await settled(recording.result.vaultRecoveryKeys), '["one","two","three"]');
  });

  it("is not initialised by a task that no relation lets in", async () => {
    const map = { applications, relations: relations.filter(({ consumer }) => consumer !== "iam/vault-init") };
    await assert.rejects(
      recordIam({ map, settings: { vault: hashiCorpVault } }),
      /iam\/vault-init uses secrets of iam\/vault, which no relation declares/,
    );
  });

  it("takes people back to where Hydra's client for it sends them", async () => {
    const { inputs } = (await recordIam()).named("iam-vault-people-role");
    const client = peopleClient({ applications, relations }, "bibind.test");
    assert.deepEqual(inputs["allowedRedirectUris"], client.redirectUris);
  });

  it("gives people roles only when the policies of the roles are there", async () => {
    const recording = await recordIam();
    assert.deepEqual(recording.named("iam-vault-people").dependsOn, ["iam-vault-core"]);
    assert.equal(
      recording.named("iam-vault-people-operator-alias").inputs["mountAccessor"],
      "iam-vault-core-auth-people-accessor",
    );
  });

  it("is known to the secrets operator only when it is configured", async () => {
    const { inputs, uses } = (await recordIam()).named("iam-vault-connection-connection");
    assert.equal(valueAt(inputs, ["spec", "address"]), "https://vault.iam.svc:8200");
    assert(uses.includes("iam-vault-core-postgres") && uses.includes("iam-vault-core-pki-role"));
  });

  it("believes the inner CA among pods", async () => {
    const recording = await recordIam({ foundation: () => ({ innerCaCertificate: pulumi.output("INNER") }) });
    assert.deepEqual(secretValue(recording.named("iam-ca").inputs["stringData"]), { "ca.crt": "INNER" });
  });

  it("takes everything in it with it when it goes: a database engine with leased users could not be deleted alone", async () => {
    const inVault = (await recordIam()).resources.filter(({ type }) => type.startsWith("vault:"));
    assert(inVault.length > 30, String(inVault.length));
    assert.deepEqual([...new Set(inVault.map(({ deletedWith }) => deletedWith))], ["iam-vault-chart-release"]);
  });
});
