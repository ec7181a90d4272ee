import assert from "node:assert/strict";
import {
  installArguments,
  uninstallArguments,
  upgradeArguments,
} from "../../../../../../../sandbox/toolchain/plugins/kubernetes/helm/arguments.ts";
import type { JsonObject } from "../../../../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

const call = (inputs: JsonObject, more: { major?: number; dryRun?: boolean } = {}) => ({
  inputs: { name: "web", namespace: "shop", chart: "nginx", ...inputs },
  files: { kubeconfig: "/k", values: "/v" },
  context: "c",
  timeoutSeconds: 300,
  major: 3,
  owner: "abc",
  chart: "nginx",
  dryRun: false,
  ...more,
});

describe("helm's command line", () => {
  it("installs and waits by default", () => {
    assert.deepEqual(installArguments(call({})), [
      ...["install", "web", "nginx", "--namespace", "shop", "--kubeconfig", "/k", "--kube-context", "c"],
      ...["--values", "/v", "--timeout", "300s", "--labels", "bibind-owner=abc", "--wait"],
    ]);
  });

  it("sets version and repository", () => {
    const text = installArguments(
      call({ version: "1.2.3", repositoryOpts: { repo: "https://r", caFile: "/ca" } }),
    ).join(" ");
    assert.match(text, /--version 1\.2\.3 --repo https:\/\/r --ca-file \/ca/);
  });

  it("contains no values and no passwords", () => {
    const text = installArguments(
      call({
        values: { password: "hunter2" },
        repositoryOpts: { repo: "https://r", username: "u", password: "hunter2" },
      }),
    ).join(" ");
    assert.doesNotMatch(text, /hunter2|--username|--repo /);
  });

  it("does not wait with skipAwait, unless atomic is set", () => {
    assert.ok(!installArguments(call({ skipAwait: true })).includes("--wait"));
    assert.ok(installArguments(call({ skipAwait: true, atomic: true })).includes("--wait"));
  });

  it("uses the flags of the installed version of helm", () => {
    assert.ok(
      upgradeArguments(call({ atomic: true, forceUpdate: true }))
        .join(" ")
        .includes("--atomic --force"),
    );
    const version4 = upgradeArguments(call({ atomic: true, forceUpdate: true }, { major: 4 })).join(" ");
    assert.ok(version4.includes("--rollback-on-failure --force-replace"));
  });

  it("upgrades to exactly the values of the program, unless reuseValues is set", () => {
    assert.ok(upgradeArguments(call({})).includes("--reset-values"));
    assert.ok(upgradeArguments(call({ reuseValues: true })).includes("--reuse-values"));
  });

  it("hides Secrets in a dry run", () => {
    const args = installArguments(call({}, { dryRun: true }));
    assert.deepEqual(args.slice(-2), ["--dry-run=server", "--hide-secret"]);
  });

  it("waits until an uninstalled release is gone", () => {
    assert.ok(uninstallArguments(call({})).includes("--wait"));
    assert.ok(!uninstallArguments(call({ skipAwait: true })).includes("--wait"));
  });
});
