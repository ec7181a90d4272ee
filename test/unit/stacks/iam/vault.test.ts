import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { iamContract } from "../../../../stacks/iam/contract.ts";
import { charts } from "../../../../stacks/versions.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { hashiCorpVault, recordIam } from "../../../support/iam.ts";
import { isSecret, secretValue } from "../../../support/mocks.ts";
import { exportedOutputs, settled } from "../../../support/outputs.ts";

describe("Vault in the layer iam", () => {
  it("is OpenBao, from its pinned chart, unless the settings choose HashiCorp Vault", async () => {
    const release = (await recordIam()).named("iam-vault-chart-release").inputs;
    assert.deepEqual([release["chart"], release["version"]], ["openbao", charts.openbao.version]);
    assert.deepEqual(release["repositoryOpts"], { repo: charts.openbao.repository });
    const other = (await recordIam({ settings: { vault: hashiCorpVault } })).named("iam-vault-chart-release").inputs;
    assert.deepEqual([other["chart"], other["version"]], ["vault", charts.vault.version]);
  });

  it("has a seal key of 32 bytes with their full entropy, which only its Secret holds", async () => {
    const recording = await recordIam();
    const { inputs } = recording.named("iam-vault-seal-key");
    assert.deepEqual([inputs["length"], inputs["special"]], [64, false]);
    const { key } = z.object({ key: z.string() }).parse(secretValue(recording.named("iam-vault-seal").inputs["data"]));
    assert.equal(Buffer.from(key, "base64").length, 32);
    const users = recording.resources.filter(({ uses }) => uses.includes("iam-vault-seal-key")).map(({ name }) => name);
    assert.deepEqual(users, ["iam-vault-seal"]);
  });

  it("has a namespace that is deleted before the seal key, so that no volume outlives its key", async () => {
    assert((await recordIam()).requirementsOf("iam-namespace").has("iam-vault-seal-key"));
  });

  it("makes no key when another Vault unseals it", async () => {
    const recording = await recordIam({ settings: { vault: hashiCorpVault } });
    assert(!recording.resources.some(({ name }) => name === "iam-vault-seal-key"));
  });

  it("has its own host name below the domain", async () => {
    const recording = await recordIam({ settings: { vault: { hostName: "secrets" } } });
    assert.deepEqual(valueAt(recording.named("iam-vault-edge-certificate").inputs, ["spec", "dnsNames"]), [
      "secrets.bibind.test",
    ]);
    assert.equal(
      valueAt(recording.named("iam-vault-route-ingress").inputs, ["spec", "rules", "0", "host"]),
      "secrets.bibind.test",
    );
    assert.equal(recording.named("iam-vault-session-provider").inputs["address"], "https://secrets.bibind.test");
  });

  it("accepts the deployer's account of the closed namespace, and no account of a namespace with programs", async () => {
    const recording = await recordIam();
    const { inputs } = recording.named("iam-deployer-account");
    assert.deepEqual(inputs["metadata"], { name: "pulumi", namespace: "bibind-deployer" });
    const config = valueAt(recording.named("iam-vault-chart-release").inputs, [
      "values",
      "server",
      "ha",
      "raft",
      "config",
    ]);
    assert.match(String(config), /"bound_service_account_namespaces": \[\s*"bibind-deployer"\s*\]/);
  });

  it("is configured only when it runs and the deployer's account exists", async () => {
    const recording = await recordIam();
    const required = recording.requirementsOf("iam-vault-core-engine-kv");
    assert(required.has("iam-vault-chart-release") && required.has("iam-deployer-account"));
  });

  it("is initialised by no task when it is OpenBao, which initialises itself", async () => {
    assert.deepEqual((await recordIam()).ofType("bibind:vault:VaultInit"), []);
  });

  it("is initialised by a task when it is HashiCorp's, before anybody logs in", async () => {
    const recording = await recordIam({ settings: { vault: hashiCorpVault } });
    assert(recording.requirementsOf("iam-vault-init-task-job").has("iam-vault-chart-release"));
    assert(recording.requirementsOf("iam-vault-core-engine-kv").has("iam-vault-init-task-job"));
    assert.equal(isSecret(recording.named("iam-vault-session-provider").inputs["address"]), false);
    const { vaultRecoveryKeys } = exportedOutputs(iamContract, recording.result);
    assert(vaultRecoveryKeys !== undefined);
    assert.equal(await pulumi.isSecret(vaultRecoveryKeys), true);
    assert.equal(await settled(vaultRecoveryKeys), '["one","two","three"]');
  });

  it("is initialised by a task only when a relation lets the task in", async () => {
    await assert.rejects(
      recordIam({
        without: ({ consumer }) => consumer === "iam/vault-init",
        settings: { vault: hashiCorpVault },
      }),
      /iam\/vault-init uses vault-api of iam\/vault, and no relation declares it/,
    );
  });

  it("gives people roles only when the policies of the roles exist", async () => {
    const recording = await recordIam();
    const required = recording.requirementsOf("iam-vault-people-operator");
    for (const role of ["operator", "auditor", "developer"]) {
      assert(required.has(`iam-vault-core-policy-${role}`), role);
    }
    assert.equal(
      recording.named("iam-vault-people-operator-alias").inputs["mountAccessor"],
      "iam-vault-core-auth-people-accessor",
    );
  });

  it("is connected to the secrets operator only when it is configured", async () => {
    const recording = await recordIam();
    const { inputs } = recording.named("iam-vault-connection-connection");
    assert.equal(valueAt(inputs, ["spec", "address"]), "https://vault.iam.svc:8200");
    const required = recording.requirementsOf("iam-vault-connection-connection");
    assert(required.has("iam-vault-core-engine-database") && required.has("iam-vault-core-pki-role"));
  });

  it("has a certificate that pods verify by the cluster-internal CA of the foundation", async () => {
    const recording = await recordIam({ foundation: { internalCaCertificate: "INTERNAL" } });
    assert.deepEqual(secretValue(recording.named("iam-ca").inputs["stringData"]), { "ca.crt": "INTERNAL" });
  });

  it("is deleted with everything in it: a database engine with leased users cannot be deleted alone", async () => {
    const inVault = (await recordIam()).resources.filter(({ type }) => type.startsWith("vault:"));
    assert(inVault.length > 30, String(inVault.length));
    assert.deepEqual([...new Set(inVault.map(({ deletedWith }) => deletedWith))], ["iam-vault-chart-release"]);
  });
});

describe("the sign-in of people to Vault", () => {
  for (const hostName of ["vault", "secrets"]) {
    it(`returns to the host name of the settings, in Vault and in Hydra: ${hostName}`, async () => {
      const recording = await recordIam({ settings: { vault: { hostName } } });
      const expected = [
        `https://${hostName}.bibind.test/ui/vault/auth/oidc/oidc/callback`,
        "http://localhost:8250/oidc/callback",
      ];
      assert.deepEqual(recording.named("iam-vault-people-role").inputs["allowedRedirectUris"], expected);
      assert.deepEqual(valueAt(recording.named("iam-vault-client-client").inputs, ["spec", "redirectUris"]), expected);
    });
  }

  it("is on the start page of those who have a role, and its state is that of the unsealed server", async () => {
    const recording = await recordIam({ settings: { vault: { hostName: "secrets" } } });
    const home = valueAt(recording.named("iam-vault-client-client").inputs, ["spec", "home"]);
    assert.equal(valueAt(home, ["uri"]), "https://secrets.bibind.test/ui/");
    assert.equal(valueAt(home, ["healthUri"]), "https://secrets.bibind.test/v1/sys/health?standbyok=true");
    assert.deepEqual(valueAt(home, ["roles"]), ["operator", "auditor", "developer"]);
  });

  it("asks nobody for consent, because Vault is a part of the platform", async () => {
    const { inputs } = (await recordIam()).named("iam-vault-client-client");
    assert.equal(valueAt(inputs, ["spec", "skipConsent"]), true);
    assert.deepEqual(valueAt(inputs, ["spec", "responseTypes"]), ["code"]);
  });

  it("needs the relation that declares the client: the error names both ends", async () => {
    await assert.rejects(
      recordIam({ without: ({ consumer, interface: kind }) => consumer === "iam/vault" && kind === "oauth" }),
      /iam\/vault uses oauth of iam\/hydra, and no relation declares it/,
    );
  });
});
