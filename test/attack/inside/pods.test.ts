import { ensureSandboxIsUp, Kubectl } from "../../support/sandbox.ts";
import { asAdministrator, cannotWrite, canWrite, pod } from "./positions.ts";

const namespace = "attack-pods";

/** A pod with one container that differs from an ordinary one. */
const withContainer = (more: object): object =>
  pod(namespace, { containers: [{ name: "attack", image: "docker.io/library/busybox:1.37", ...more }] });

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
