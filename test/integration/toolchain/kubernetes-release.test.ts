import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { goTool } from "../../../sandbox/toolchain/go/build.ts";
import { revisions } from "../../../sandbox/toolchain/plugins/kubernetes/helm/record.ts";
import { unlinkedFile } from "../../../sandbox/toolchain/plugins/kubernetes/helm/files.ts";
import { textAt, type JsonObject } from "../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";
import { until } from "../../../sandbox/builds/until.ts";
import { eventually } from "../../support/eventually.ts";
import { writeChart } from "./kubernetes/chart.ts";
import { testCluster, type TestCluster } from "./kubernetes/cluster.ts";
import { TestStack, killTree, type Declared } from "./kubernetes/stack.ts";

const namespace = `it-${randomBytes(4).toString("hex")}`;
const password = "never-log-this-password";

describe("A Helm release, on the real engine, the real Helm and a real API server", function () {
  this.timeout(600_000);
  let cluster: TestCluster;
  let stack: TestStack;
  let chart: string;

  const release = (values: JsonObject): readonly Declared[] => [
    { type: "kubernetes:core/v1:Namespace", name: "namespace", args: { metadata: { name: namespace } } },
    {
      type: "kubernetes:helm.sh/v3:Release",
      name: "small",
      args: { chart, compat: "true", name: "small", namespace, timeout: 120, values: { password, ...values } },
      secrets: ["values"],
      options: { dependsOn: ["namespace"] },
    },
  ];
  const text = async () => textAt(await cluster.get("v1", "ConfigMap", namespace, "small-text"), "data", "text");
  const status = async () => (await revisions(cluster.api, namespace, "small"))[0]?.status;

  before(async () => {
    cluster = await testCluster();
    stack = await TestStack.create(cluster.kubeconfig, true);
    chart = await writeChart(stack.folder);
    await stack.declare(release({ text: "one" }));
  });

  after(async () => {
    await stack.remove();
  });

  it("is installed, and then unchanged", async () => {
    match(await stack.up(), /\+ 4 created/);
    strictEqual(await text(), "one");
    deepStrictEqual(await stack.planned(), []);
    match(await stack.succeeds("refresh", "--yes", "--skip-preview"), /4 unchanged/);
    doesNotMatch(await stack.state(), new RegExp(password));
  });

  it("is upgraded when a value changes", async () => {
    await stack.declare(release({ text: "two" }));
    deepStrictEqual(await stack.planned(), ["update small"]);
    match(await stack.up(), /~ 1 updated/);
    strictEqual(await text(), "two");
  });

  it("refuses an unknown value of the chart in the preview", async () => {
    await stack.declare(release({ text: "two", txet: "x" }));
    match(await stack.fails("preview"), /refuses its values: txet is not a value of this chart/);
  });

  it("refuses an unknown property of a release", async () => {
    const [first, second] = release({});
    ok(first && second);
    await stack.declare([first, { ...second, args: { ...second.args, valuess: {} } }]);
    match(await stack.fails("preview"), /valuess: it is not a property of a Release/);
  });

  it("finds values that were changed by hand, and reverts them", async () => {
    await stack.declare(release({ text: "two" }));
    const config = unlinkedFile(cluster.kubeconfig);
    const helm = join(await goTool("helm"), "helm");
    await execa(helm, [
      "upgrade",
      "small",
      chart,
      "-n",
      namespace,
      "--kubeconfig",
      config.path,
      "--set",
      "text=by-hand",
    ]);
    config.close();
    deepStrictEqual(await stack.planned("--refresh"), ["update small"]);
    await stack.succeeds("up", "--yes", "--skip-preview", "--refresh");
    strictEqual(await text(), "two");
  });

  it("has no secret in a command line and no temporary file while helm runs", async () => {
    await stack.declare(release({ text: "two", broken: true }));
    const run = stack.start("up", "--yes", "--skip-preview");
    const commandLines: string[] = [];
    const files = new Set<string>();
    const look = async (): Promise<void> => {
      commandLines.push((await execa("ps", ["-eww", "-o", "args"])).stdout);
      (await readdir(tmpdir())).forEach((name) => files.add(name));
    };
    const isWaiting = async (): Promise<boolean> => {
      await look();
      return (await status()) === "pending-upgrade";
    };
    ok(await until(isWaiting, { seconds: 60, pause: 20 }), "helm does not wait");
    await look();
    match(commandLines.join("\n"), /helm upgrade small/);
    doesNotMatch(commandLines.join("\n"), new RegExp(password));
    deepStrictEqual(
      [...files].filter((name) => /^bibind-helm-/.test(name)),
      [],
    );
    ok(run.pid);
    await killTree(run.pid);
    await run;
  });

  it("resumes after a kill of the engine and the plugin in an upgrade", async () => {
    await eventually("helm has ended with the plugin", 10, async () => {
      doesNotMatch((await execa("ps", ["-eww", "-o", "args"])).stdout, /helm upgrade small/);
    });
    strictEqual(await status(), "pending-upgrade");
    await stack.succeeds("cancel", "--yes");
    await stack.declare(release({ text: "three" }));
    await stack.up();
    strictEqual(await status(), "deployed");
    strictEqual(await text(), "three");
    deepStrictEqual(await stack.planned(), []);
  });

  it("is uninstalled", async () => {
    const [first] = release({});
    ok(first);
    await stack.declare([first]);
    match(await stack.up(), /- 1 deleted/);
    strictEqual(await text(), undefined);
    strictEqual(await status(), undefined);
  });

  it("resumes after a kill of the engine and the plugin in an installation", async () => {
    await stack.declare(release({ broken: true }));
    const run = stack.start("up", "--yes", "--skip-preview");
    await eventually("helm waits", 60, async () => strictEqual(await status(), "pending-install"));
    ok(run.pid);
    await killTree(run.pid);
    await run;
    await stack.succeeds("cancel", "--yes");
    await stack.declare(release({ text: "four" }));
    await stack.up();
    strictEqual((await revisions(cluster.api, namespace, "small")).length, 1);
    strictEqual(await text(), "four");
    deepStrictEqual(await stack.planned(), []);
  });

  it("resumes after a kill of the engine and the plugin in the removal, when the hook's Job already exists", async () => {
    await stack.declare(release({ text: "four", farewell: 5 }));
    await stack.up();
    const run = stack.start("destroy", "--yes", "--skip-preview");
    const farewell = () => cluster.get("batch/v1", "Job", namespace, "small-farewell");
    await eventually("the hook runs", 60, async () => ok(await farewell()));
    ok(run.pid);
    await killTree(run.pid);
    await run;
    strictEqual(await status(), "uninstalling");
    await stack.succeeds("cancel", "--yes");
    await stack.succeeds("up", "--yes", "--skip-preview", "--refresh");
    strictEqual(await status(), "deployed");
    strictEqual(await farewell(), undefined);
    match(await stack.succeeds("destroy", "--yes", "--skip-preview"), /- 4 deleted/);
  });
});
