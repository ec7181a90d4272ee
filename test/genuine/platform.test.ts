import assert from "node:assert/strict";
import { execa } from "execa";
import { projectFolder } from "../../sandbox/builds/folders.ts";
import { eventually } from "../support/eventually.ts";
import { killAt, type Selection } from "../support/interruption.ts";
import { engine, engineSucceeds, Kubectl, sandboxSucceeds } from "../support/sandbox.ts";
import { changedSettings, foundation } from "../support/stack-settings.ts";

const update = ["up", "--yes", "--skip-preview"] as const;
const release = "postgres-operator-release";

describe("the platform under the vendor's Kubernetes plugin", function () {
  this.timeout(1_200_000);
  let kubectl: Kubectl;

  before(async () => {
    assert.equal(process.env.BIBIND_TOOLCHAIN, "genuine", "run these tests by `make test-genuine`");
    await sandboxSucceeds("up");
    kubectl = await Kubectl.ofSandbox();
  });

  /** Records of Helm in this state, as the names of Secrets. */
  const records = (status: string): Promise<string> =>
    kubectl.run("-n", "cnpg-system", "get", "secrets", "-l", `owner=helm,status=${status}`, "-o", "name");

  /** Selects every process, as soon as Helm has recorded that an upgrade is pending. */
  const duringUpgrade: Selection = async (pids) => {
    await eventually("Helm records a pending upgrade", 60, async () =>
      assert.notEqual((await records("pending-upgrade")).trim(), ""),
    );
    return pids;
  };

  it("does not change in a second up", async () => {
    await engineSucceeds(...update, "--expect-no-changes");
  });

  it("refuses a release whose upgrade was killed, and updates it after `make unstick`", async () => {
    const settings = changedSettings([foundation("postgresOperator", "replicas"), 2]);
    const changed = [...update, "--config-file", settings];
    await killAt(["pulumi", "--", ...changed, "--non-interactive", "--color", "never"], /updating/, duringUpgrade);
    const refused = await engine(...changed);
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.all, new RegExp(`${release}[^]*another operation .* is in progress`));

    const options = { cwd: projectFolder, all: true } as const;
    const { all } = await execa("make", ["--no-print-directory", "unstick", "ARGS=--now"], options);
    assert.match(all, /postgres-operator/);
    assert.equal((await records("pending-upgrade")).trim(), "");
    await engineSucceeds(...changed);
    await engineSucceeds(...update);
    await engineSucceeds(...update, "--expect-no-changes");
  });
});
