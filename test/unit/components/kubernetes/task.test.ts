import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { kubernetesAccess, tokenVolume } from "../../../../components/kubernetes/pods.ts";
import { Task, type TaskArgs } from "../../../../components/kubernetes/task.ts";
import { valueAt } from "../../../../stacks/settings/schema.ts";
import { namesBehind, record, type Recording } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

/** A task that runs once. */
const once: TaskArgs = {
  namespace: "iam",
  serviceAccount: "hydra-keyring",
  application: "hydra-keyring",
  image: "identity:1",
  command: ["keyring"],
  access: tokenVolume("/var/run/vault", "vault"),
  config: { path: "iam/hydra" },
};
const scheduled: TaskArgs = { ...once, schedule: "17 3 1 * *" };

const recorded = (more: Partial<TaskArgs> = {}, args = scheduled) =>
  record(() => new Task("task", { ...args, ...more }, {}));

const jobName = async (more: Partial<TaskArgs> = {}): Promise<unknown> =>
  valueAt((await recorded(more)).named("task-job").inputs, ["metadata", "name"]);

const jobPod = ["spec", "template", "spec"];
const cronPod = ["spec", "jobTemplate", ...jobPod];
const configOption = ["--config", "/etc/identity/config.json"];

function pods(recording: Recording<Task>): readonly unknown[] {
  return [
    valueAt(recording.named("task-job").inputs, jobPod),
    valueAt(recording.named("task-schedule").inputs, cronPod),
  ];
}

describe("Task", () => {
  it("runs again when its configuration, its image or its command changes, and only then", async () => {
    const first = await jobName();
    assert.match(String(first), /^hydra-keyring-r[0-9a-f]{8}$/);
    assert.equal(await jobName(), first);
    assert.equal(await jobName({ schedule: "0 0 * * *", scheduledCommand: ["keyring", "--rotate"] }), first);
    assert.notEqual(await jobName({ config: { path: "iam/kratos" } }), first);
    assert.notEqual(await jobName({ image: "identity:2" }), first);
    assert.notEqual(await jobName({ command: ["keyring", "--rotate"] }), first);
  });

  it("distinguishes two commands that are one text when they are joined", async () => {
    assert.notEqual(await jobName({ command: ["a", "b c"] }), await jobName({ command: ["a b", "c"] }));
  });

  it("gives its configuration to the program as a file", async () => {
    const recording = await recorded();
    const { inputs } = recording.named("task-config");
    assert.deepEqual(inputs["data"], { "config.json": '{"path":"iam/hydra"}' });
    assert.deepEqual(inputs["metadata"], { name: "hydra-keyring", namespace: "iam" });
    for (const pod of pods(recording)) {
      assert.deepEqual(valueAt(pod, ["containers", "0", "args"]), ["keyring", ...configOption]);
      const volumes = [valueAt(pod, ["volumes"])].flat();
      assert(volumes.some((volume) => valueAt(volume, ["configMap", "name"]) === "hydra-keyring"));
      const mounts = [valueAt(pod, ["containers", "0", "volumeMounts"])].flat();
      assert(mounts.some((mount) => valueAt(mount, ["mountPath"]) === "/etc/identity"));
    }
  });

  it("accepts a configuration that comes from other resources", async () => {
    const recording = await recorded({ config: pulumi.output("iam/hydra").apply((path) => ({ path })) });
    assert.deepEqual(recording.named("task-config").inputs["data"], { "config.json": '{"path":"iam/hydra"}' });
  });

  it("runs another command on its schedule if the caller gives one", async () => {
    const recording = await recorded({ scheduledCommand: ["keyring", "--rotate"] });
    const args = (pod: unknown): unknown => valueAt(pod, ["containers", "0", "args"]);
    assert.deepEqual(pods(recording).map(args), [
      ["keyring", ...configOption],
      ["keyring", "--rotate", ...configOption],
    ]);
  });

  it("never runs twice at once on its schedule, and not before its first run", async () => {
    const { inputs, dependsOn } = (await recorded()).named("task-schedule");
    assert.equal(valueAt(inputs, ["spec", "schedule"]), "17 3 1 * *");
    assert.equal(valueAt(inputs, ["spec", "concurrencyPolicy"]), "Forbid");
    assert.deepEqual(dependsOn, ["task-job"]);
  });

  it("runs with its service account, and with no other token than the given one", async () => {
    const given = tokenVolume("/var/run/vault", "vault");
    for (const pod of pods(await recorded())) {
      assert.equal(valueAt(pod, ["serviceAccountName"]), "hydra-keyring");
      assert.equal(valueAt(pod, ["automountServiceAccountToken"]), false);
      const projected = [valueAt(pod, ["volumes"])].flat().filter((volume) => valueAt(volume, ["projected"]));
      assert.deepEqual(projected, [given.volume]);
      const mounts = [valueAt(pod, ["containers", "0", "volumeMounts"])].flat();
      assert.deepEqual(mounts.at(-1), given.mount);
    }
  });

  it("has the label that the openings of its relations select, in every run", async () => {
    const recording = await recorded();
    const templates = [
      valueAt(recording.named("task-job").inputs, ["spec", "template"]),
      valueAt(recording.named("task-schedule").inputs, ["spec", "jobTemplate", "spec", "template"]),
    ];
    for (const template of templates) {
      assert.equal(valueAt(template, ["metadata", "labels", "bibind.com/application"]), "hydra-keyring");
    }
  });

  it("runs without privileges, on a read-only file system", async () => {
    for (const pod of pods(await recorded())) {
      assert.equal(valueAt(pod, ["securityContext", "runAsNonRoot"]), true);
      const container = valueAt(pod, ["containers", "0", "securityContext"]);
      assert.equal(valueAt(container, ["readOnlyRootFilesystem"]), true);
      assert.equal(valueAt(container, ["allowPrivilegeEscalation"]), false);
      assert.deepEqual(valueAt(container, ["capabilities"]), { drop: ["ALL"] });
    }
  });

  it("is done when its Job is", async () => {
    const { done } = (await recorded()).result;
    assert.equal(await settled(done), true);
    assert.deepEqual(await namesBehind(done), ["task-job"]);
  });

  describe("without a schedule", () => {
    it("has no CronJob", async () => {
      assert.deepEqual((await recorded({}, once)).ofType("kubernetes:batch/v1:CronJob"), []);
    });

    it("is replaced by the next deployment when it failed; with a schedule, the next run repeats it", async () => {
      const annotations = (recording: Recording<Task>) =>
        valueAt(recording.named("task-job").inputs, ["metadata", "annotations"]);
      assert.deepEqual(annotations(await recorded({}, once)), {
        "pulumi.com/timeoutSeconds": "300",
        "pulumi.com/replaceUnready": "true",
      });
      assert.deepEqual(annotations(await recorded()), { "pulumi.com/timeoutSeconds": "300" });
    });

    it("can use the Kubernetes API in place of Vault", async () => {
      const recording = await recorded({ access: kubernetesAccess("/var/run/kubernetes") }, once);
      const volumes = [valueAt(recording.named("task-job").inputs, [...jobPod, "volumes"])].flat();
      const projected = volumes.map((volume) => valueAt(volume, ["projected", "sources"])).filter(Boolean);
      assert.deepEqual(projected, [
        [
          { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
          { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        ],
      ]);
    });
  });
});
