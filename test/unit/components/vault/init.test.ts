import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { VaultInit, type VaultInitArgs } from "../../../../components/vault/init.ts";
import { deployerNamespace } from "../../../../components/vault/policies/deployer.ts";
import { deployerLogin } from "../../../../components/vault/self-init.ts";
import { vaultInitConfig } from "../../../../services/identity/vault-init/config.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { namesBehind, record, type RecordOptions } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const args: VaultInitArgs = {
  model: "iam",
  address: "https://vault-0.vault-internal.iam.svc:8200",
  image: "identity:1",
  recovery: { shares: 5, threshold: 3 },
};

const recorded = (options: RecordOptions = {}) => record(() => new VaultInit("vault-init", args, {}), options);

type Recorded = Awaited<ReturnType<typeof recorded>>;

const configOf = (recording: Recorded) =>
  vaultInitConfig.parse(
    JSON.parse(String(valueAt(recording.named("vault-init-task-config").inputs, ["data", "config.json"]))),
  );

const podOf = (recording: Recorded) =>
  valueAt(recording.named("vault-init-task-job").inputs, ["spec", "template", "spec"]);

/** Folder in which the container mounts each volume. */
function folders(recording: Recorded): Record<string, string> {
  const mounts = valueAt(podOf(recording), ["containers", "0", "volumeMounts"]);
  assert(Array.isArray(mounts));
  return Object.fromEntries(
    mounts.map((mount) => [String(valueAt(mount, ["name"])), String(valueAt(mount, ["mountPath"]))]),
  );
}

describe("VaultInit", () => {
  it("runs a task with a configuration that the task accepts", async () => {
    const config = configOf(await recorded());
    assert.equal(config.address, "https://vault-0.vault-internal.iam.svc:8200");
    assert.deepEqual(config.requests, deployerLogin(deployerNamespace));
    assert.deepEqual(config.recovery, { shares: 5, threshold: 3 });
    assert.equal(config.auditFile, "/vault/audit/audit.log");
  });

  it("reads token and CA of the Kubernetes API from the folder in which they are mounted", async () => {
    const recording = await recorded();
    const { tokenFile, caFile } = configOf(recording).kubernetes;
    const folder = folders(recording)["kubernetes"];
    assert.deepEqual([tokenFile, caFile], [`${folder}/token`, `${folder}/ca.crt`]);
    assert.equal(valueAt(podOf(recording), ["automountServiceAccountToken"]), false);
  });

  it("may create Secrets, read and change its own one, and nothing else", async () => {
    const recording = await recorded();
    const { name, namespace } = configOf(recording).secret;
    assert.equal(namespace, "iam");
    assert.deepEqual(recording.named("vault-init-role").inputs["rules"], [
      { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: [name], verbs: ["get", "patch"] },
    ]);
    const binding = recording.named("vault-init-binding").inputs;
    const account = valueAt(binding, ["subjects", "0", "name"]);
    assert.equal(valueAt(binding, ["roleRef", "name"]), "vault-init");
    assert.equal(valueAt(podOf(recording), ["serviceAccountName"]), account);
  });

  it("starts when it has the rights to save the result", async () => {
    assert((await recorded()).named("vault-init-task-job").dependsOn.includes("vault-init-binding"));
  });

  it("runs again when an earlier run failed, and has no schedule", async () => {
    const recording = await recorded();
    const annotations = valueAt(recording.named("vault-init-task-job").inputs, ["metadata", "annotations"]);
    assert.equal(valueAt(annotations, ["pulumi.com/replaceUnready"]), "true");
    assert.deepEqual(recording.ofType("kubernetes:batch/v1:CronJob"), []);
  });

  it("gives the recovery keys of the Secret, as a secret, when the task is done", async () => {
    const { recoveryKeys } = (await recorded()).result;
    assert.equal(await settled(recoveryKeys), '["one","two","three"]');
    assert.equal(await pulumi.isSecret(recoveryKeys), true);
    assert((await namesBehind(recoveryKeys)).includes("vault-init-result"));
  });

  it("reads the Secret in which the task saves the result", async () => {
    const reads: unknown[] = [];
    await recorded({
      answer: ({ type, id }) => {
        if (type === "kubernetes:core/v1:Secret") {
          reads.push(id);
        }
        return { data: {} };
      },
    });
    assert.deepEqual(reads, ["iam/vault-init"]);
  });
});
