import assert from "node:assert/strict";
import { execa } from "execa";
import { z } from "zod";
import { startMachine, stopMachine, type RunningMachine } from "../../sandbox/machine/machine.ts";
import { type MachineSpec, snapStoreTarget } from "../../sandbox/machine/spec.ts";
import { eventually } from "../support/eventually.ts";
import {
  removeMachine,
  machineWithSnaps,
  runInMachine as run,
  succeedsInMachine as succeeds,
} from "../support/test-machine.ts";

const install = "snap install microk8s --classic --channel=1.34/stable";

/** Exit code that a shell reports for a command that SIGKILL ended. */
const killedExitCode = 137;

const network = { bridge: "bibind-k8s0", gateway: "172.30.10.1", prefix: 24 };

const claim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: kept, namespace: default }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: keeper, namespace: default }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: keeper
      image: docker.io/library/busybox:1.37
      command: [sh, -c, "[ -e /kept/row ] || date +%N > /kept/row; sleep 100000"]
      volumeMounts: [{ name: kept, mountPath: /kept }]
  volumes: [{ name: kept, persistentVolumeClaim: { claimName: kept } }]
`;

const examplePage = `apiVersion: v1
kind: Pod
metadata: { name: page, namespace: default, labels: { app: page } }
spec:
  containers:
    - name: page
      image: docker.io/library/busybox:1.37
      command: [sh, -c, "mkdir /www && echo hello from a pod > /www/index.html && exec httpd -f -p 5678 -h /www"]
---
apiVersion: v1
kind: Service
metadata: { name: page, namespace: default }
spec: { selector: { app: page }, ports: [{ port: 80, targetPort: 5678 }] }
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: self, namespace: default }
spec: { selfSigned: {} }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: page, namespace: default, annotations: { cert-manager.io/issuer: self } }
spec:
  tls: [{ hosts: [page.bibind.example], secretName: page-tls }]
  rules:
    - host: page.bibind.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: page, port: { number: 80 } } } }] }
`;

/** Lets only pods with the label `may: enter` connect to the page. */
const pagePolicy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: visitors, namespace: default }
spec:
  podSelector: { matchLabels: { app: page } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { may: enter } } }] }]
---
apiVersion: v1
kind: Pod
metadata: { name: visitor, namespace: default }
spec:
  terminationGracePeriodSeconds: 0
  containers: [{ name: visitor, image: "docker.io/library/busybox:1.37", command: [sleep, "100000"] }]
`;

const listedImages = z.array(z.object({ reference: z.string(), digest: z.string() }));

describe("microk8s in a machine", function () {
  this.timeout(600_000);
  let first: RunningMachine;
  let second: RunningMachine;
  let specs: readonly [MachineSpec, MachineSpec];

  const removeMachines = async (): Promise<void> => {
    for (const spec of specs) {
      await removeMachine(spec);
    }
  };

  const kubectl = (line: string, input?: string): Promise<string> => succeeds(first, `microk8s kubectl ${line}`, input);

  before(async () => {
    specs = [
      await machineWithSnaps("bibind-k8s1", network, "172.30.10.2"),
      await machineWithSnaps("bibind-k8s2", network, "172.30.10.3"),
    ];
    await removeMachines();
    first = await startMachine(specs[0]);
  });

  after(() => removeMachines());

  for (const [when, file] of [
    ["while it copied the content", "/snap/microk8s/.*.unfinished"],
    ["before it wrote the units", "/snap/microk8s/current"],
  ] as const) {
    it(`is not installed by an installation that was killed ${when}`, async () => {
      const killed = await run(
        first,
        `setsid ${install} & pid=$!
        while [ -e /proc/$pid/exe ] && ! ls ${file} >/dev/null 2>&1; do sleep 0.02; done
        kill -s KILL -- -$pid; wait $pid`,
      );
      assert.equal(killed.exitCode, killedExitCode, killed.stdout + killed.stderr);
      assert.equal((await run(first, "snap list microk8s")).exitCode, 1);
    });
  }

  it("can be installed after installations that were killed", async () => {
    assert.match(await succeeds(first, install), /^microk8s \(1\.34\/stable\) v1\.34\.4 from bibind installed$/);
    assert.match((await run(first, install)).stderr, /already installed/);
  });

  it("becomes ready with every image of the snap store, each with its digest", async () => {
    const status = await succeeds(first, "microk8s status --wait-ready --timeout 300 --format short");
    assert.equal(status.split("\n")[0], "microk8s is running");
    const listed = listedImages.parse(JSON.parse(await succeeds(first, `cat ${snapStoreTarget}/images/images.json`)));
    const present = await succeeds(first, "microk8s ctr images list");
    for (const { reference, digest } of listed) {
      assert.ok(
        present.split("\n").some((line) => line.startsWith(`${reference} `) && line.includes(digest)),
        reference,
      );
    }
  });

  it("refuses a user that is neither root nor in its group", async () => {
    const { exitCode, stderr } = await execa("ssh", [...first.ssh, "/snap/bin/microk8s status"], { reject: false });
    assert.equal(exitCode, 1);
    assert.match(stderr, /^Insufficient permissions to access MicroK8s\./);
  });

  it("enables every addon, and accepts an addon that is already enabled", async () => {
    const addons = "rbac dns hostpath-storage ingress cert-manager metrics-server";
    for (let round = 0; round < 2; round += 1) {
      await succeeds(first, `microk8s enable ${addons}`);
    }
    const status = await succeeds(first, "microk8s status --format short");
    assert.deepEqual(
      status.split("\n").filter((line) => line.endsWith(": disabled")),
      [],
    );
  });

  it("refuses an unknown addon before it enables any other", async () => {
    const { exitCode, stderr } = await run(first, "microk8s enable dns nonesuch");
    assert.equal(exitCode, 1);
    assert.match(stderr, /^Addon nonesuch was not found in any repository/);
  });

  it("gives a service account without a role no rights", async () => {
    const question = "auth can-i list secrets --as=system:serviceaccount:default:default";
    assert.equal((await run(first, `microk8s kubectl ${question}`)).stdout, "no");
  });

  it("serves a page over HTTPS at a host name, with a certificate of cert-manager", async () => {
    await kubectl("apply -f -", examplePage);
    await kubectl("wait --for=condition=Ready --timeout=60s pod/page certificate/page-tls");
    const resolve = ["--resolve", "page.bibind.example:443:172.30.10.2", "--noproxy", "*", "--insecure", "--silent"];
    const body = await eventually("the page answers", 30, async () => {
      const { stdout } = await execa("curl", [...resolve, "--fail", "https://page.bibind.example/"]);
      return stdout;
    });
    assert.equal(body, "hello from a pod");
    await eventually("the status of the Ingress contains its address", 30, async () => {
      const address = await kubectl("get ingress page -o jsonpath={.status.loadBalancer.ingress[0].ip}");
      assert.equal(address, "172.30.10.2");
    });
  });

  it("measures the resource usage of nodes", async () => {
    await eventually("kubectl top answers", 60, () => kubectl("top node"));
  });

  it("encrypts Secrets in its database, and only Secrets", async () => {
    await kubectl("create secret generic hidden --from-literal=word=never-in-the-clear");
    await kubectl("create configmap shown --from-literal=word=always-in-the-clear");
    const filesWith = async (word: string): Promise<string> => {
      const folder = "/var/snap/microk8s/common/var/lib/etcd";
      const { exitCode, stdout, stderr } = await run(first, `grep --recursive --files-with-matches ${word} ${folder}`);
      assert.equal(exitCode, stdout === "" ? 1 : 0, stderr);
      return stdout;
    };
    assert.notEqual(await filesWith("always-in-the-clear"), "");
    assert.equal(await filesWith("never-in-the-clear"), "");
  });

  it("keeps a volume through a restart of the machine", async () => {
    await kubectl("apply -f -", claim);
    await kubectl("wait --for=condition=Ready --timeout=60s pod/keeper");
    const row = await kubectl("exec keeper -- cat /kept/row");
    await stopMachine(specs[0]);
    first = await startMachine(specs[0]);
    await succeeds(first, "microk8s status --wait-ready --timeout 300");
    await eventually("the pod runs again", 120, async () => {
      assert.equal(await kubectl("exec keeper -- cat /kept/row"), row);
    });
  });

  it("resolves the names of the machine's hosts file for pods, and reports that other names do not exist", async () => {
    const found = await eventually("names are resolved again after the restart", 60, () =>
      kubectl(`exec keeper -- nslookup ${specs[0].name}.`),
    );
    assert.match(found, new RegExp(`Name:\\s+${specs[0].name}\\s+Address: ${specs[0].address}`));
    const { exitCode, stdout } = await run(first, "microk8s kubectl exec keeper -- nslookup nobody.bibind.example.");
    assert.notEqual(exitCode, 0);
    assert.match(stdout, /NXDOMAIN/);
  });

  const launchFile = "/var/snap/microk8s/common/.microk8s.yaml";
  const writeLaunchFile = (text: string): Promise<string> =>
    succeeds(second, `mkdir -p /var/snap/microk8s/common && cat > ${launchFile}`, text);

  it("names the part of the launch configuration that it does not support", async () => {
    second = await startMachine(specs[1]);
    await writeLaunchFile("version: 0.2.0\nextraKubeletArgs: {}\n");
    const { exitCode, stderr } = await run(second, install);
    assert.equal(exitCode, 1);
    assert.match(stderr, /extraKubeletArgs is not supported; supported: extraSANs, join, version/);
  });

  it("accepts a worker whose launch configuration names the cluster, reaches its pods, and removes it", async () => {
    const url = (await succeeds(first, "microk8s add-node --format short")).split("\n")[0]?.split(" ")[2] ?? "";
    await writeLaunchFile(`version: 0.2.0\njoin: { url: ${url}, worker: true }\n`);
    await succeeds(second, install);
    const onWorker = JSON.stringify({ spec: { nodeName: specs[1].name } }).replaceAll('"', '\\"');
    await eventually("the worker is Ready", 120, () => kubectl(`wait --for=condition=Ready node/${specs[1].name}`));
    await kubectl(`run far --image=docker.io/library/busybox:1.37 --overrides="${onWorker}" -- sleep 100000`);
    await kubectl("wait --for=condition=Ready --timeout=60s pod/far");
    await eventually("a pod on the worker reaches a Service of the first machine", 60, () =>
      kubectl("exec far -- wget -qO- http://page.default.svc.cluster.local"),
    );
    await succeeds(second, "microk8s leave");
    await succeeds(first, `microk8s remove-node ${specs[1].name} --force`);
    assert.equal((await kubectl("get nodes -o name")).trim(), `node/${specs[0].name}`);
  });

  it("joins only the cluster of the invitation, and does not change when it refuses to join", async () => {
    const url = (await succeeds(first, "microk8s add-node --format short")).split("\n")[0]?.split(" ")[2] ?? "";
    await succeeds(second, "microk8s status --wait-ready --timeout 300");
    const wrong = await run(second, `microk8s join ${url.slice(0, -3)}000 --worker`);
    assert.match(wrong.stderr, /is not the cluster of this join URL/);
    const unknownToken = url.replace(/\/[a-z0-9]{32}\//, `/${"a".repeat(32)}/`);
    const refused = await run(second, `microk8s join ${unknownToken} --worker`);
    assert.match(refused.stderr, /does not accept this token/);
    await succeeds(second, `microk8s join ${url} --worker`);
    assert.match(await kubectl("get nodes -o name"), new RegExp(`^node/${specs[1].name}$`, "m"));
  });

  it("enforces NetworkPolicies", async () => {
    await kubectl("apply -f -", pagePolicy);
    await kubectl("wait --for=condition=Ready --timeout=60s pod/visitor");
    const visit = `microk8s kubectl exec visitor -- wget -qO- -T 3 http://page.default.svc.cluster.local`;
    await eventually("the policy refuses the connection", 30, async () => {
      assert.notEqual((await run(first, visit)).exitCode, 0);
    });
    await kubectl("label pod visitor may=enter");
    await eventually("the policy allows the connection", 30, () => succeeds(first, visit));
  });

  it("stops together with its pods, and starts again", async () => {
    await succeeds(first, "microk8s stop");
    assert.equal((await run(first, "pgrep containerd-shim")).stdout, "");
    assert.match((await run(first, "microk8s status --format short")).stdout, /^microk8s is not running/);
    await succeeds(first, "microk8s start");
    await succeeds(first, "microk8s status --wait-ready --timeout 300");
  });

  it("leaves nothing on the machine when it is removed", async () => {
    await succeeds(first, "snap remove microk8s --purge");
    for (const [what, line] of [
      ["processes", 'ps -e -o args= | grep -E "kube|etcd|containerd" | grep -v grep || true'],
      ["mounts", 'grep -E "microk8s|kubelet|cni-" /proc/self/mountinfo || true'],
      ["links", "ip -o link show type veth | grep -v eth0 || true"],
      ["folders", "ls -d /snap /var/snap /var/lib/kubelet /var/lib/cni /var/log/pods 2>/dev/null || true"],
      ["packet filters", 'nft list tables | grep -E "microk8s|kube" || true'],
      ["port mappings", "iptables-save 2>/dev/null | grep CNI || true"],
      ["control groups", "find /sys/fs/cgroup -maxdepth 2 -name kubepods"],
      ["units", "ls /etc/systemd/system | grep snap || true"],
    ] as const) {
      assert.equal(await succeeds(first, line), "", what);
    }
  });
});
