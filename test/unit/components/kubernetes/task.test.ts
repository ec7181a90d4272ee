import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { IdentityTask, taskTokenFile, type IdentityTaskArgs } from "../../../../components/identity/identity-task.ts";
import { kubernetesAccess } from "../../../../components/identity/pods.ts";
import { valueAt } from "../../../../stacks/settings/anatomy.ts";
import { identityOf } from "../../../support/app-identity.ts";
import { namesBehind, record, type Recording } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const args: Omit<IdentityTaskArgs, "identity"> = {
  application: "hydra-keyring",
  image: "identity:1",
  command: ["keyring"],
  schedule: "17 3 1 * *",
  config: { path: "iam/hydra" },
};
const recorded = (more: Partial<IdentityTaskArgs> = {}) =>
  record(() => new IdentityTask("task", { identity: identityOf("hydra-keyring"), ...args, ...more }, {}));

const jobName = async (more: Partial<IdentityTaskArgs> = {}): Promise<unknown> =>
  valueAt((await recorded(more)).named("task-job").inputs, ["metadata", "name"]);

const jobPod = ["spec", "template", "spec"];
const cronPod = ["spec", "jobTemplate", ...jobPod];

function pods(recording: Recording<IdentityTask>): readonly unknown[] {
  return [
    valueAt(recording.named("task-job").inputs, jobPod),
    valueAt(recording.named("task-schedule").inputs, cronPod),
  ];
}

describe("IdentityTask", () => {
  it("runs again when its configuration, its image or its command changes, and only then", async () => {
    const first = await jobName();
    assert.match(String(first), /^hydra-keyring-r[0-9a-f]{8}$/);
    assert.equal(await jobName(), first);
    assert.equal(await jobName({ schedule: "0 0 * * *", scheduledCommand: ["keyring", "--rotate"] }), first);
    assert.notEqual(await jobName({ config: { path: "iam/kratos" } }), first);
    assert.notEqual(await jobName({ image: "identity:2" }), first);
    assert.notEqual(await jobName({ command: ["keyring", "--rotate"] }), first);
  });

  it("does not take one command's arguments for another's", async () => {
    assert.notEqual(await jobName({ command: ["a", "b c"] }), await jobName({ command: ["a b", "c"] }));
  });

  it("reads its configuration from a file that it is told of", async () => {
    const recording = await recorded();
    assert.deepEqual(recording.named("task-config").inputs["data"], { "config.json": '{"path":"iam/hydra"}' });
    assert.deepEqual(valueAt(recording.named("task-job").inputs, [...jobPod, "containers", "0", "args"]), [
      "keyring",
      "--config",
      "/etc/identity/config.json",
    ]);
  });

  it("does another thing by the clock where that was said, and the same otherwise", async () => {
    const scheduled = async (more: Partial<IdentityTaskArgs>): Promise<unknown> =>
      valueAt((await recorded(more)).named("task-schedule").inputs, [...cronPod, "containers", "0", "args"]);
    const config = ["--config", "/etc/identity/config.json"];
    assert.deepEqual(await scheduled({ scheduledCommand: ["keyring", "--rotate"] }), [
      "keyring",
      "--rotate",
      ...config,
    ]);
    assert.deepEqual(await scheduled({}), ["keyring", ...config]);
  });

  it("never runs twice at once by the clock, and not before it ran for the first time", async () => {
    const { inputs, dependsOn } = (await recorded()).named("task-schedule");
    assert.equal(valueAt(inputs, ["spec", "concurrencyPolicy"]), "Forbid");
    assert.deepEqual(dependsOn, ["task-job"]);
  });

  it("logs in with a short-lived token that is good for Vault alone, and has no other", async () => {
    for (const pod of pods(await recorded())) {
      assert.equal(valueAt(pod, ["serviceAccountName"]), "hydra-keyring");
      assert.equal(valueAt(pod, ["automountServiceAccountToken"]), false);
      const volumes = valueAt(pod, ["volumes"]);
      assert(Array.isArray(volumes));
      const tokens = volumes.flatMap((volume) => [valueAt(volume, ["projected", "sources"]) ?? []].flat());
      assert.deepEqual(tokens, [{ serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 600 } }]);
      const mounts = valueAt(pod, ["containers", "0", "volumeMounts"]);
      assert(Array.isArray(mounts));
      const paths = mounts.map((mount) => valueAt(mount, ["mountPath"]));
      assert(paths.some((path) => taskTokenFile === `${String(path)}/token`));
    }
  });

  describe("without a schedule", () => {
    const once = () => recorded({ schedule: undefined, access: kubernetesAccess("/var/run/kubernetes") });

    it("does not run by the clock", async () => {
      assert.deepEqual((await once()).ofType("kubernetes:batch/v1:CronJob"), []);
    });

    it("is made again by the next deployment when it failed, and only then", async () => {
      const annotations = (recording: Recording<IdentityTask>) =>
        valueAt(recording.named("task-job").inputs, ["metadata", "annotations"]);
      assert.deepEqual(annotations(await once()), {
        "pulumi.com/timeoutSeconds": "300",
        "pulumi.com/replaceUnready": "true",
      });
      assert.deepEqual(annotations(await recorded()), { "pulumi.com/timeoutSeconds": "300" });
    });

    it("proves who it is by what it is given, and has no token for Vault", async () => {
      const volumes = valueAt((await once()).named("task-job").inputs, [...jobPod, "volumes"]);
      assert(Array.isArray(volumes));
      const projected = volumes.map((volume) => valueAt(volume, ["projected", "sources"])).filter(Boolean);
      assert.deepEqual(projected, [
        [
          { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
          { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        ],
      ]);
    });
  });

  it("is found by the openings of its relations, at once and by the clock", async () => {
    const recording = await recorded();
    const jobs = [recording.named("task-job"), recording.named("task-schedule")];
    const paths = [["spec"], ["spec", "jobTemplate", "spec"]];
    for (const [index, path] of paths.entries()) {
      const labels = valueAt(jobs[index]?.inputs, [...path, "template", "metadata", "labels"]);
      assert.equal(valueAt(labels, ["bibind.com/application"]), "hydra-keyring");
    }
  });

  it("runs without privileges, on a file system that it cannot write", async () => {
    for (const pod of pods(await recorded())) {
      assert.equal(valueAt(pod, ["securityContext", "runAsNonRoot"]), true);
      const container = valueAt(pod, ["containers", "0", "securityContext"]);
      assert.equal(valueAt(container, ["readOnlyRootFilesystem"]), true);
      assert.equal(valueAt(container, ["allowPrivilegeEscalation"]), false);
      assert.deepEqual(valueAt(container, ["capabilities"]), { drop: ["ALL"] });
    }
  });

  it("begins only when Vault knows its service account, and is done when its Job is", async () => {
    const recording = await recorded();
    assert(recording.named("task-job").uses.includes("hydra-keyring-access-role"));
    assert.equal(await settled(recording.result.done), true);
    assert.deepEqual(await namesBehind(recording.result.done), ["task-job"]);
  });

  it("waits for what its configuration comes from", async () => {
    const recording = await recorded({ config: pulumi.output("iam/hydra").apply((path) => ({ path })) });
    assert.deepEqual(recording.named("task-config").inputs["data"], { "config.json": '{"path":"iam/hydra"}' });
  });
});
