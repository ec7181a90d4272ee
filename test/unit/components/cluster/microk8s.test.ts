import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { MicroK8s } from "../../../../components/cluster/microk8s.ts";
import { bareHost } from "../../../support/bare-host.ts";
import { isSecret, record, secretValue, type Recording } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

/** @param further - addresses of further machines, by name */
function cluster(
  addons: readonly string[] = [],
  further: Readonly<Record<string, string>> = {},
): Promise<Recording<MicroK8s>> {
  return record(() => {
    const nodes = Object.entries(further).map(([name, address]) => ({
      name,
      host: bareHost(name, address),
      role: "control-plane" as const,
    }));
    return new MicroK8s("cluster", { host: bareHost("host", "192.0.2.1"), channel: "1.34/stable", addons, nodes });
  });
}

function steps(recording: Recording<MicroK8s>): string[] {
  return recording
    .ofType("bibind:host:RemoteStep")
    .filter(({ parent }) => parent === "cluster")
    .map(({ name }) => name.slice("cluster-".length));
}

describe("MicroK8s", () => {
  it("installs on the ready host, then enables one addon after the other, then reads the kubeconfig", async () => {
    const recording = await cluster(["ingress", "cert-manager"]);
    assert.deepEqual(steps(recording), [
      "install",
      "volumes",
      "pod-security",
      "addon-ingress",
      "addon-cert-manager",
      "kubeconfig",
    ]);
    assert.deepEqual(recording.named("cluster-install-command").dependsOn, ["host"]);
    assert.deepEqual(recording.named("cluster-addon-ingress-command").dependsOn, ["cluster-pod-security"]);
    assert.deepEqual(recording.named("cluster-addon-cert-manager-command").dependsOn, ["cluster-addon-ingress"]);
    assert(recording.named("cluster-kubeconfig-command").dependsOn.includes("cluster-addon-cert-manager"));
  });

  it("enables dns, rbac and storage before the others, in any order of the list", async () => {
    const recording = await cluster(["ingress", "cert-manager", "hostpath-storage", "rbac", "dns"]);
    assert.deepEqual(
      steps(recording).filter((step) => step.startsWith("addon-")),
      ["addon-dns", "addon-rbac", "addon-hostpath-storage", "addon-ingress", "addon-cert-manager"],
    );
  });

  it("separates the argument of an addon from its name", async () => {
    const recording = await cluster(["dns:1.1.1.1,[2606:4700:4700::1111]"]);
    const create = String(recording.named("cluster-addon-dns-command").inputs["create"]);
    assert.match(create, /^'addon='\\''dns'\\''' \\$/m);
    assert.match(create, /^'argument='\\''1\.1\.1\.1,\[2606:4700:4700::1111\]'\\''' \\$/m);
  });

  it("sets the default of Pod Security before any addon has pods, and exempts the given namespaces", async () => {
    const recording = await record(
      () =>
        new MicroK8s("cluster", {
          host: bareHost("host", "192.0.2.1"),
          channel: "1.34/stable",
          addons: ["ingress"],
          privileged: ["ingress"],
          nodes: [],
        }),
    );
    const create = String(recording.named("cluster-pod-security-command").inputs["create"]);
    assert.match(create, /"enforce":"baseline".*"namespaces":\["kube-system","ingress"\]/);
    assert(recording.named("cluster-kubeconfig-command").dependsOn.includes("cluster-pod-security"));
  });

  it("confines pods on each machine with an API server, and closes the volumes of each machine", async () => {
    const recording = await record(() => {
      const nodes = [{ name: "second", host: bareHost("second", "192.0.2.2"), role: "worker" as const }];
      return new MicroK8s("cluster", {
        host: bareHost("host", "192.0.2.1"),
        channel: "1.34/stable",
        addons: [],
        nodes,
      });
    });
    assert.deepEqual(
      steps(recording).filter((step) => /volumes|security/.test(step)),
      ["volumes", "pod-security", "second-volumes"],
    );
    assert.deepEqual(recording.named("cluster-second-volumes-command").dependsOn, ["cluster-second-join"]);
    assert.equal(recording.named("cluster-second-volumes-command").deletedWith, "cluster-second-join-command");
  });

  it("deletes the addons together with the snap", async () => {
    const recording = await cluster(["dns"]);
    assert.equal(recording.named("cluster-addon-dns-command").deletedWith, "cluster-install-command");
    assert.notEqual(recording.named("cluster-addon-dns-command").inputs["delete"], undefined);
  });

  it("gives the kubeconfig as a secret, which is never logged", async () => {
    const recording = await cluster();
    assert.equal(await settled(recording.result.kubeconfig), "apiVersion: v1\nkind: Config");
    assert.equal(await pulumi.isSecret(recording.result.kubeconfig), true);
    const command = recording.named("cluster-kubeconfig-command");
    assert.equal(command.inputs["logging"], "none");
    assert(command.additionalSecretOutputs.includes("stdout"));
  });

  it("lets a further machine join with an invitation, which is a secret", async () => {
    const recording = await cluster(["dns"], { second: "192.0.2.2" });
    assert.deepEqual(steps(recording), [
      "install",
      "volumes",
      "pod-security",
      "addon-dns",
      "second-names",
      "second-invite",
      "second-join",
      "second-member",
      "second-volumes",
      "second-pod-security",
      "kubeconfig",
    ]);
    const join = recording.named("cluster-second-join-command");
    assert.equal(secretValue(join.inputs["stdin"]), "192.0.2.1:25000/invitation");
    assert.deepEqual(join.dependsOn, ["second"]);
    assert.deepEqual(recording.named("cluster-second-invite-command").inputs["triggers"], ["192.0.2.2"]);
    for (const step of ["invite", "member"]) {
      const create = String(recording.named(`cluster-second-${step}-command`).inputs["create"]);
      assert.match(create, /^'node='\\''node 192\.0\.2\.2'/m, step);
    }
    for (const { name, inputs } of recording.resources) {
      assert(!JSON.stringify({ ...inputs, stdin: undefined, stdout: undefined }).includes('invitation"'), name);
    }
  });

  it("invites a machine after the addons, and waits for it after it joined", async () => {
    const recording = await cluster(["dns"], { second: "192.0.2.2" });
    assert.deepEqual(recording.named("cluster-second-names-command").dependsOn, ["second"]);
    assert.deepEqual(recording.named("cluster-second-invite-command").dependsOn, [
      "cluster-install",
      "cluster-volumes",
      "cluster-pod-security",
      "cluster-addon-dns",
    ]);
    assert.deepEqual(recording.named("cluster-second-member-command").dependsOn, ["cluster-second-join"]);
  });

  it("never logs an invitation", async () => {
    const invite = (await cluster([], { second: "192.0.2.2" })).named("cluster-second-invite-command");
    assert.equal(invite.inputs["logging"], "none");
    assert(invite.additionalSecretOutputs.includes("stdout"));
  });

  it("uses the connection of each machine for its steps", async () => {
    const recording = await cluster([], { second: "192.0.2.2" });
    const addressOf = (step: string): unknown => {
      const connection = recording.named(`cluster-${step}-command`).inputs["connection"];
      assert(isSecret(connection));
      return Reflect.get(Object(secretValue(connection)), "host");
    };
    assert.deepEqual(
      ["install", "second-names", "second-invite", "second-join", "second-member", "kubeconfig"].map(addressOf),
      ["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.1"],
    );
  });
});
