import assert from "node:assert/strict";
import { deployerName, deployerNamespace } from "../../../components/vault/policies/deployer.ts";
import { ensureSandboxIsUp, Kubectl } from "../../support/sandbox.ts";
import { asProgram, cannotWrite, canWrite, operators, pod } from "./positions.ts";

const byOperatorRule = /bibind-operators-namespaces/;
const byAnyRule = /bibind-(operators-namespaces|iam-deployer-guard)/;

/** An account by which its holder gives himself any role of the cluster. */
const strongAccount = { namespace: "kube-system", name: "clusterrole-aggregation-controller" };

function tokenSecret(namespace: string, account: string): object {
  const annotations = { "kubernetes.io/service-account.name": account };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "attack", namespace, annotations },
    type: "kubernetes.io/service-account-token",
  };
}

function plainSecret(namespace: string): object {
  return { apiVersion: "v1", kind: "Secret", metadata: { name: "attack", namespace }, type: "Opaque" };
}

describe("a compromised operator", function () {
  this.timeout(600_000);
  let deployer: Kubectl;
  let secretsOperator: Kubectl;
  let postgresOperator: Kubectl;
  let certManager: Kubectl;

  const token = (attacker: Kubectl, namespace: string, account: string, audience: string) =>
    attacker.attempt(["-n", namespace, "create", "token", account, `--audience=${audience}`]);

  before(async () => {
    await ensureSandboxIsUp();
    deployer = await Kubectl.ofSandbox();
    secretsOperator = asProgram(deployer, operators["Vault Secrets Operator"]);
    postgresOperator = asProgram(deployer, operators.CloudNativePG);
    certManager = asProgram(deployer, operators["cert-manager"]);
  });

  it("gets no token of the deployer's account, and of no other outside of the namespaces that it serves", async () => {
    for (const { namespace, name } of [{ namespace: deployerNamespace, name: deployerName }, strongAccount]) {
      const { exitCode, all } = await token(secretsOperator, namespace, name, "vault");
      assert.notEqual(exitCode, 0, `${namespace}/${name}`);
      assert.match(all, byAnyRule);
    }
  });

  it("gets tokens for Vault of accounts that it serves, and none for the Kubernetes API", async () => {
    assert.equal((await token(secretsOperator, "iam", "hydra", "vault")).exitCode, 0);
    const { exitCode, all } = await token(secretsOperator, "iam", "hydra", "https://kubernetes.default.svc");
    assert.notEqual(exitCode, 0);
    assert.match(all, byOperatorRule);
  });

  it("finds no account of the deployer in a namespace with programs", async () => {
    const accounts = await deployer.run("get", "serviceaccounts", "--all-namespaces", "--output=name");
    assert.equal(accounts.split("\n").filter((account) => account.endsWith(`/${deployerName}`)).length, 1);
  });

  it("starts no pod that acts as the deployer, or in the namespace of Kubernetes", async () => {
    await canWrite(postgresOperator, pod("iam"));
    await canWrite(certManager, pod("default"));
    for (const attacker of [postgresOperator, certManager]) {
      await cannotWrite(attacker, pod(deployerNamespace, { serviceAccountName: deployerName }), byAnyRule);
      await cannotWrite(attacker, pod("kube-system"), byOperatorRule);
    }
  });

  it("starts no pod with the account of a program that it only gives a certificate", async () => {
    const { exitCode, all } = await certManager.attempt(
      ["create", "--dry-run=server", "--filename=-"],
      pod("iam", { serviceAccountName: "vault" }),
    );
    assert.notEqual(exitCode, 0, all);
    assert.match(all, byOperatorRule);
  });

  it("makes no lasting token of an account, although it may write Secrets", async () => {
    for (const attacker of [secretsOperator, postgresOperator]) {
      await canWrite(attacker, plainSecret("iam"));
      await cannotWrite(attacker, tokenSecret("iam", "vault"), byOperatorRule);
      await cannotWrite(attacker, tokenSecret(deployerNamespace, deployerName), byAnyRule);
    }
  });

  it("writes nothing in a namespace that it does not serve", async () => {
    for (const attacker of [secretsOperator, postgresOperator]) {
      await cannotWrite(attacker, plainSecret("default"), byOperatorRule);
    }
  });

  it("runs no command in a pod of another namespace", async () => {
    const { exitCode, all } = await postgresOperator.attempt([
      ...["-n", "kube-system", "exec", "deployment/coredns", "--", "true"],
    ]);
    assert.notEqual(exitCode, 0);
    assert.match(all, byOperatorRule);
  });
});

describe("the namespace of the deployer's account", function () {
  this.timeout(600_000);
  let deployer: Kubectl;

  before(async () => {
    await ensureSandboxIsUp();
    deployer = await Kubectl.ofSandbox();
  });

  it("is closed to an administrator who is not the deployer, also in an emergency", async () => {
    const administrator = deployer.as("admin", ["system:masters"]);
    const request = ["-n", deployerNamespace, "create", "token", deployerName, "--audience=vault"];
    const { exitCode, all } = await administrator.attempt(request);
    assert.notEqual(exitCode, 0);
    assert.match(all, /Only the deployer acts in this namespace/);
    assert.equal((await deployer.attempt(request)).exitCode, 0);
  });

  it("holds nothing but the account, and what Kubernetes makes in every namespace", async () => {
    const objects = await deployer.run(
      "-n",
      deployerNamespace,
      "get",
      "all,secrets,serviceaccounts,rolebindings",
      "-o",
      "name",
    );
    assert.deepEqual(objects.split("\n").sort(), ["serviceaccount/default", `serviceaccount/${deployerName}`]);
  });
});
