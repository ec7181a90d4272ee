import assert from "node:assert/strict";
import { runningEngine } from "../../sandbox/commands/stack/repair.ts";
import { eventually } from "../support/eventually.ts";
import { engine, engineSucceeds, foundationOutputs, Kubectl, sandbox, sandboxSucceeds } from "../support/sandbox.ts";
import { previewedChanges } from "../support/preview.ts";
import { changedSettings, foundation } from "../support/stack-settings.ts";

describe("foundation on the sandbox", function () {
  this.timeout(600_000);
  let shown = "";
  let kubectl: Kubectl;

  before(async function () {
    // From a cold cache, every program of the platform is compiled first.
    this.timeout(3_600_000);
    shown = await sandboxSucceeds("up");
    kubectl = await Kubectl.ofSandbox();
  });

  it("ends `make up` in a table of what runs, its URLs and the next steps", () => {
    assert.match(shown, /what runs/);
    assert.match(shown, /CloudNativePG 1\.27\.0/);
    assert.match(shown, /Vault Secrets Operator 0\.10\.0/);
    assert.match(shown, /https:\/\/welcome\.bibind\.test/);
    for (const runs of [/OpenBao/, /Hydra v2\.3\.0/, /Kratos v1\.3\.1/, /https:\/\/auth\.bibind\.test/]) {
      assert.match(shown, runs);
    }
    assert.match(shown, /make status/);
  });

  it("changes nothing in a second up", async () => {
    await engineSucceeds("up", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("finds no difference in a refresh, and meanwhile answers who reads and refuses who changes", async () => {
    const refresh = engine("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await eventually("the refresh has begun", 60, async () => assert.notEqual(await runningEngine(), undefined));
    assert.match(await engineSucceeds("stack", "output", "--json"), /"domain": "bibind.test"/);
    const [up, engineUp] = [await sandbox("up"), await engine("up", "--yes", "--skip-preview")];
    assert.match(up.all, /another update of the sandbox's stack is running/);
    assert.match(engineUp.all, /the stack is currently locked/);
    assert(![up.exitCode, engineUp.exitCode].includes(0));
    const { exitCode, all } = await refresh;
    assert.equal(exitCode, 0, all);
  });

  it("finds in a refresh what was changed by hand, and puts it back", async () => {
    const ports = "jsonpath={.spec.ports[*].port} {.spec.ports[*].targetPort}";
    const patch = JSON.stringify([
      { op: "replace", path: "/spec/ports/0/port", value: 81 },
      { op: "replace", path: "/spec/ports/0/targetPort", value: 82 },
    ]);
    await kubectl.run("-n", "welcome", "patch", "service", "welcome", "--type=json", "-p", patch);
    const found = await engine("refresh", "--preview-only", "--expect-no-changes");
    assert.notEqual(found.exitCode, 0, found.all);
    assert.match(found.all, /welcome-service/);
    await engineSucceeds("up", "--yes", "--skip-preview", "--refresh");
    assert.equal(await kubectl.run("-n", "welcome", "get", "service", "welcome", "-o", ports), "80 8080");
    await engineSucceeds("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("finds in a refresh what was deleted by hand, and makes it again", async () => {
    await kubectl.run("-n", "welcome", "delete", "ingress", "welcome");
    await engineSucceeds("up", "--yes", "--skip-preview", "--refresh");
    await kubectl.run("-n", "welcome", "get", "ingress", "welcome");
  });

  it("changes exactly the operator's release when its number of pods changes", async () => {
    const file = changedSettings([foundation("postgresOperator", "replicas"), 2]);
    assert.deepEqual(await previewedChanges("--config-file", file), ["update postgres-operator-release"]);
  });

  it("changes exactly the packet filter when a port is opened", async () => {
    const ports = foundation("host", "hardening", "firewall", "allowedTcpPorts");
    const file = changedSettings([ports, [22, 80, 443, 8879, 16443, 8443]]);
    assert.deepEqual(await previewedChanges("--config-file", file), ["update host-firewall-command"]);
  });

  it("changes exactly the page and what leads to it when its name changes", async () => {
    const file = changedSettings([foundation("welcomePage", "hostName"), "hello"]);
    assert.deepEqual((await previewedChanges("--config-file", file)).sort(), [
      "update welcome-deployment",
      "update welcome-ingress",
    ]);
  });

  it("gives its outputs to other teams, the kubeconfig only to those who may see secrets", async () => {
    const shownPlain = await engineSucceeds("stack", "output", "--json");
    assert.match(shownPlain, /"domain": "bibind.test"/);
    // After a refresh too, a version is no secret.
    assert.match(shownPlain, /"Hydra": "v2\.3\.0"/);
    assert(!shownPlain.includes("client-key-data"), "the kubeconfig is in the plain outputs");
    const { contractVersion, kubeconfig } = await foundationOutputs();
    assert.equal(contractVersion, 3);
    assert.match(kubeconfig, /server: https:\/\/172\.30\.0\.2:16443/);
  });

  it("passes the project's own policies", async () => {
    await engineSucceeds("preview", "--policy-pack", "policies", "--expect-no-changes");
  });
});
