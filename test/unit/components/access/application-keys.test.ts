import assert from "node:assert/strict";
import { ApplicationKeys, type ApplicationKeysArgs } from "../../../../components/access/application-keys.ts";
import { keyringConfig } from "../../../../services/identity/keyring/command.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { record, secretValue, type Recording } from "../../../support/mocks.ts";

const args: Omit<ApplicationKeysArgs, "keeper"> = {
  layer: "iam",
  application: "hydra",
  vaultAddress: "https://vault.iam.svc:8200",
  image: "identity:1",
  keys: { secretsSystem: { length: 32 } },
};
const recorded = (more: Partial<ApplicationKeysArgs> = {}) =>
  record(() => new ApplicationKeys("keys", { ...args, keeper: identityOf("hydra-keyring"), ...more }, {}));

const jobPod = ["spec", "template", "spec"];
const cronPod = ["spec", "jobTemplate", ...jobPod];

const configOf = (recording: Recording<ApplicationKeys>) =>
  keyringConfig.parse(JSON.parse(String(valueAt(recording.named("keys-task-config").inputs, ["data", "config.json"]))));

describe("ApplicationKeys", () => {
  it("tells the task which keys to make, at the path of the application", async () => {
    const recording = await recorded();
    const config = configOf(recording);
    assert.equal(config.path, "iam/hydra");
    assert.equal(recording.result.path, "iam/hydra");
    assert.deepEqual(config.keys, { secretsSystem: { length: 32 } });
    assert.equal(config.keep, 3);
  });

  it("lets the task log in to Vault as the keeper, with a token for Vault alone", async () => {
    const recording = await recorded();
    assert.deepEqual(configOf(recording).vault, {
      address: "https://vault.iam.svc:8200",
      role: "iam-hydra-keyring",
      authMount: "kubernetes",
      kvMount: "kv",
      tokenFile: "/var/run/vault/token",
    });
    const pod = valueAt(recording.named("keys-task-job").inputs, jobPod);
    assert.equal(valueAt(pod, ["serviceAccountName"]), "hydra-keyring");
    const token = { serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 600 } };
    assert.deepEqual([valueAt(pod, ["volumes"])].flat().at(-1), { name: "token", projected: { sources: [token] } });
    const mounts = [valueAt(pod, ["containers", "0", "volumeMounts"])].flat();
    assert.deepEqual(mounts.at(-1), { name: "token", mountPath: "/var/run/vault", readOnly: true });
  });

  it("makes the keys at once, and rotates them every month", async () => {
    const recording = await recorded();
    const job = recording.named("keys-task-job").inputs;
    const schedule = recording.named("keys-task-schedule").inputs;
    const config = ["--config", "/etc/identity/config.json"];
    assert.deepEqual(valueAt(job, [...jobPod, "containers", "0", "args"]), ["keyring", ...config]);
    assert.deepEqual(valueAt(schedule, [...cronPod, "containers", "0", "args"]), ["keyring", "--rotate", ...config]);
    assert.match(String(valueAt(schedule, ["spec", "schedule"])), /^\d+ \d+ \d+ \* \*$/);
  });

  it("keeps ten versions, and deletes them all with the resource, although the deployer reads none", async () => {
    const { inputs } = (await recorded()).named("keys-versions");
    assert.equal(inputs["path"], "kv/metadata/iam/hydra");
    assert.deepEqual(JSON.parse(String(secretValue(inputs["dataJson"]))), { max_versions: 10 });
    assert.equal(inputs["disableRead"], true);
    assert.notEqual(inputs["disableDelete"], true);
  });

  it("writes keys only when the keeper may, and when their versions are limited", async () => {
    const recording = await recorded();
    const { dependsOn } = recording.named("keys-task-job");
    assert(dependsOn.includes("hydra-keyring-access") && dependsOn.includes("keys-versions"), dependsOn.join());
  });
});
