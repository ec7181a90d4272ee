import assert from "node:assert/strict";
import { ensureSandboxIsUp, Kubectl } from "../../support/sandbox.ts";
import { asAdministrator, cannotWrite, canWrite, pod } from "./positions.ts";

const namespace = "attack-pods";

/** A pod with one container that differs from an ordinary one. */
const withContainer = (container: object, more: object = {}): object =>
  pod(namespace, { containers: [{ name: "attack", image: "docker.io/library/busybox:1.37", ...container }], ...more });

/** Ports of Kubernetes' programs on the node. */
const nodePorts = ["2380", "10249", "10250", "10255", "10256", "10257", "10259", "12379", "16443", "25000"];

/** A pod that prints the ports of the node that it reaches. */
function portScan(): object {
  const attempt = 'nc -w 2 "$NODE" "$port" </dev/null >/dev/null 2>&1 && echo "$port"';
  const command = ["sh", "-c", `for port in ${nodePorts.join(" ")}; do ${attempt}; done; true`];
  const env = [{ name: "NODE", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } }];
  return withContainer({ command, env }, { restartPolicy: "Never" });
}

describe("a pod in an ordinary namespace", function () {
  this.timeout(600_000);
  let deployer: Kubectl;
  let mallory: Kubectl;

  before(async () => {
    await ensureSandboxIsUp();
    deployer = await Kubectl.ofSandbox();
    mallory = await asAdministrator(deployer, namespace);
  });

  after(() => deployer.run("delete", "namespace", namespace, "--wait=false"));

  it("starts as long as it needs nothing of the node", async () => {
    await canWrite(mallory, pod(namespace));
    await canWrite(mallory, withContainer({}));
  });

  it("reaches no program of Kubernetes on the node but the kubelet and the API server, which want a token", async () => {
    await mallory.apply(portScan());
    const succeeded = "--for=jsonpath={.status.phase}=Succeeded";
    await deployer.run("-n", namespace, "wait", succeeded, "pod/attack", "--timeout=180s");
    assert.deepEqual((await mallory.run("-n", namespace, "logs", "attack")).split("\n"), ["10250", "16443"]);
  });

  for (const [what, attempt] of [
    ["the network", pod(namespace, { hostNetwork: true })],
    ["the processes", pod(namespace, { hostPID: true })],
    ["the folders", pod(namespace, { volumes: [{ name: "node", hostPath: { path: "/" } }] })],
    ["a port", withContainer({ ports: [{ containerPort: 80, hostPort: 8443 }] })],
    ["the devices", withContainer({ securityContext: { privileged: true } })],
    ["the rights of root", withContainer({ securityContext: { capabilities: { add: ["SYS_ADMIN"] } } })],
  ] as const) {
    it(`does not get ${what} of the node`, async () => {
      await cannotWrite(mallory, attempt, /violates PodSecurity "baseline:latest"/);
    });
  }
});
