import assert from "node:assert/strict";
import { runningEngine } from "../../sandbox/commands/stack/engine-lock.ts";
import { eventually } from "../support/eventually.ts";
import { engine, engineSucceeds, foundationOutputs, Kubectl, sandbox, sandboxSucceeds } from "../support/sandbox.ts";
import { previewedChanges } from "../support/preview.ts";
import { changedSettings, foundation } from "../support/stack-settings.ts";

/** A verb of kubectl on the object that refuses requests on port 80. */
const refusal = (verb: string): readonly string[] => [
  "-n",
  "ingress",
  verb,
  "middlewares.traefik.io/front-door-refusal",
];

describe("foundation on the sandbox", function () {
  this.timeout(600_000);
  let output = "";
  let kubectl: Kubectl;

  before(async function () {
    // With an empty cache, this compiles every program of the platform.
    this.timeout(3_600_000);
    output = await sandboxSucceeds("up");
    kubectl = await Kubectl.ofSandbox();
  });

  it("is shown at the end of `make up` and by `make status`: URLs, who may sign in, and that all applications are healthy", async () => {
    for (const shown of [output, await sandboxSucceeds("status")]) {
      assert.match(shown, /^application +URL +who may sign in +health$/m);
      assert.match(shown, /^iam\/welcome +https:\/\/welcome\.bibind\.test +everybody +healthy$/m);
      assert.match(shown, /^iam\/vault +https:\/\/vault\.bibind\.test +people with a role: .* +healthy$/m);
      assert.match(shown, /^iam\/identity +https:\/\/auth\.bibind\.test +everybody +healthy$/m);
    }
    assert.match(output, /make status/);
  });

  it("gives its internal CA to people who must install it", async () => {
    const { caCertificate } = await foundationOutputs();
    assert.equal((await sandboxSucceeds("ca")).trim(), caCertificate.trim());
  });

  it("does not change in a second up", async () => {
    await engineSucceeds("up", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("has no drift in a refresh, during which reads succeed and updates are refused", async () => {
    const refresh = engine("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await eventually("the refresh has begun", 60, async () => assert.notEqual(await runningEngine(), undefined));
    assert.match(await engineSucceeds("stack", "output", "--json"), /"domain": "bibind.test"/);
    for (const second of [await sandbox("up"), await engine("up", "--yes", "--skip-preview")]) {
      assert.match(second.all, /pulumi refresh works on the sandbox since .* so nothing was changed here/);
      assert.equal(second.exitCode, 1);
    }
    const { exitCode, all } = await refresh;
    assert.equal(exitCode, 0, all);
  });

  it("shows a change by hand in a refresh, and reverts it", async () => {
    const range = "jsonpath={.spec.ipAllowList.sourceRange[*]}";
    const patch = JSON.stringify([{ op: "replace", path: "/spec/ipAllowList/sourceRange/0", value: "192.0.2.1/32" }]);
    await kubectl.run(...refusal("patch"), "--type=json", "-p", patch);
    const found = await engine("refresh", "--preview-only", "--expect-no-changes");
    assert.notEqual(found.exitCode, 0, found.all);
    assert.match(found.all, /front-door-refusal/);
    await engineSucceeds("up", "--yes", "--skip-preview", "--refresh");
    assert.equal(await kubectl.run(...refusal("get"), "-o", range), "255.255.255.255/32");
    await engineSucceeds("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("shows a deletion by hand in a refresh, and creates the object again", async () => {
    await kubectl.run(...refusal("delete"));
    await engineSucceeds("up", "--yes", "--skip-preview", "--refresh");
    await kubectl.run(...refusal("get"));
  });

  it("changes only the operator's release when its number of pods changes", async () => {
    const file = changedSettings([foundation("postgresOperator", "replicas"), 2]);
    assert.deepEqual(await previewedChanges("--config-file", file), ["update postgres-operator-release"]);
  });

  it("changes only the packet filter when a port is opened", async () => {
    const ports = foundation("host", "hardening", "firewall", "allowedTcpPorts");
    const file = changedSettings([ports, [22, 80, 443, 8879, 8443]]);
    assert.deepEqual(await previewedChanges("--config-file", file), ["update host-firewall-command"]);
  });

  it("gives its outputs to other teams, and the kubeconfig only to people who may see secrets", async () => {
    const outputs = await engineSucceeds("stack", "output", "--json");
    assert.match(outputs, /"domain": "bibind.test"/);
    // A version is not secret, even after a refresh.
    for (const version of [
      /"CloudNativePG": "1\.27\.0"/,
      /"OpenBao": /,
      /"Hydra": "v2\.3\.0"/,
      /"Kratos": "v1\.3\.1"/,
    ]) {
      assert.match(outputs, version);
    }
    assert(!outputs.includes("client-key-data"), "the kubeconfig is in the plain outputs");
    const { contractVersion, kubeconfig } = await foundationOutputs();
    assert.equal(contractVersion, 4);
    assert.match(kubeconfig, /server: https:\/\/172\.30\.0\.2:16443/);
  });

  it("conforms to the project's policies", async () => {
    await engineSucceeds("preview", "--policy-pack", "policies", "--expect-no-changes");
  });
});
