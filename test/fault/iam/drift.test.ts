import assert from "node:assert/strict";
import { execa } from "execa";
import { projectFolder } from "../../../sandbox/builds/folders.ts";
import { signInPages } from "../../../components/identity/endpoints.ts";
import { listAt, objectAt, parseObject, textAt } from "../../../services/drift/json.ts";
import { eventually } from "../../support/eventually.ts";
import { engineSucceeds, Kubectl, sandbox, sandboxSucceeds, type CommandResult } from "../../support/sandbox.ts";

/** Runs `make drift`. */
async function drift(...args: readonly string[]): Promise<string> {
  const make = ["--no-print-directory", "drift", `ARGS=${args.join(" ")}`];
  const { all } = await execa("make", make, { cwd: projectFolder, all: true, reject: false });
  return all;
}

/** Runs kubectl as a person does: on the machine, with the administrator's kubeconfig. It may fail. */
const byHand = (command: string): Promise<CommandResult> => sandbox("ssh", "--", `sudo microk8s kubectl ${command}`);

async function succeedsByHand(command: string): Promise<string> {
  const { exitCode, all } = await byHand(command);
  assert.equal(exitCode, 0, all);
  return all;
}

const scale = (replicas: number): string => `-n iam scale deployment ${signInPages} --replicas=${replicas}`;

const nothing = /^0 of [1-9]\d* objects are not as declared$/m;

describe("what is changed by hand", function () {
  this.timeout(600_000);
  let kubectl: Kubectl;

  before(async () => {
    await sandboxSucceeds("up");
    kubectl = await Kubectl.ofSandbox();
  });

  after(async () => {
    await drift("--put-back");
  });

  /** The Deployment of the pages. @param output - format of kubectl */
  const deployment = (output: string, ...options: readonly string[]): Promise<string> =>
    kubectl.run("-n", "iam", "get", "deployment", signInPages, "-o", output, ...options);

  /** Field managers of the number of replicas. */
  async function replicaManagers(): Promise<string[]> {
    const text = await deployment("json", "--show-managed-fields");
    return listAt(parseObject(text, "the deployment"), "metadata", "managedFields")
      .filter((entry) => "f:replicas" in objectAt(entry, "fieldsV1", "f:spec"))
      .map((entry) => textAt(entry, "manager") ?? "");
  }

  it("is nothing after an up", async () => {
    assert.match(await drift(), nothing);
  });

  it("is named with its field manager, and put back without another owner", async () => {
    const declared = await deployment("jsonpath={.spec.replicas}");
    const managers = await replicaManagers();
    await kubectl.run("-n", "iam", "scale", "deployment", signInPages, `--replicas=${Number(declared) + 1}`);
    // It selects the pods of ACME challenges only, of which the sandbox has none.
    const rule = JSON.stringify({ spec: { ingress: [{}] } });
    await kubectl.run("-n", "iam", "patch", "networkpolicy", "challenges", "--type=merge", "-p", rule);
    await kubectl.run("-n", "iam", "delete", "cronjob", "hydra-keyring");

    const found = await drift();
    // The API server records no time for a change by the subresource.
    assert.match(found, /^iam\/Deployment identity .*\n {2}spec\.replicas: .*; by kubectl \(Update of scale\)$/m);
    assert.match(found, /^iam\/NetworkPolicy challenges .*\n {2}spec\.ingress.*; by kubectl-patch \(Update\) at 20/m);
    assert.match(found, /^iam\/CronJob hydra-keyring .*\n {2}does not exist/m);
    assert.match(found, /^3 of \d+ objects are not as declared$/m);

    const said = await drift("--put-back");
    assert.equal(said.match(/ is put back$/gm)?.length, 3, said);
    assert.match(await drift(), nothing);
    assert.deepEqual(await replicaManagers(), managers);
    await engineSucceeds("up", "--yes", "--skip-preview", "--expect-no-changes");
  });

  for (const [what, command] of [
    ["the replicas of a workload", scale(3)],
    ["a rule of a NetworkPolicy", `-n iam patch networkpolicy closed --type=merge -p '{"spec":{"ingress":[{}]}}'`],
    ["the existence of an object", "-n iam delete cronjob hydra-keyring"],
    ["the policies of a namespace", "-n iam create configmap by-hand"],
    ["the label of a namespace", "label namespace iam app.kubernetes.io/managed-by-"],
    ["an object of the whole cluster", "delete clusterrole iam-oauth-clients"],
  ] as const) {
    it(`is refused by the cluster: ${what}`, async () => {
      const { exitCode, all } = await byHand(command);
      assert.notEqual(exitCode, 0);
      assert.match(all, /bibind-changes-refusal.*kubectl annotate \S+ \S+ bibind\.com\/emergency=/s);
    });
  }

  it("can be a pod that must start again", async () => {
    await succeedsByHand(`-n iam delete pod -l bibind.com/application=${signInPages} --wait=false`);
    await kubectl.run("-n", "iam", "rollout", "status", "deployment", signInPages, "--timeout=120s");
  });

  it("is allowed in an emergency, with a warning, and is shown with its reason until it is put back", async () => {
    await succeedsByHand("annotate namespace iam bibind.com/emergency=INC-1");
    const said = await eventually("the namespace is open", 30, () => succeedsByHand(scale(3)));
    assert.match(said, /Warning: .*bibind-changes-emergency.*An emergency/);

    const found = await drift();
    assert.match(found, /^iam\/Deployment identity .*\n {2}spec\.replicas: /m);
    assert.match(
      found,
      /annotations\["bibind\.com\/emergency"\].* was added: "INC-1"; by kubectl-annotate \(Update\) at 20/,
    );

    await drift("--put-back");
    assert.match(await drift(), nothing);
    await eventually("the namespace is closed again", 30, async () => {
      assert.notEqual((await byHand(`${scale(3)} --dry-run=server`)).exitCode, 0);
    });
  });
});
