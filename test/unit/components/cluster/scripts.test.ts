import assert from "node:assert/strict";
import { MicroK8s, type NodeRole } from "../../../../components/cluster/microk8s.ts";
import { bareHost } from "../../../support/bare-host.ts";
import { FakeHost, type StepResult } from "../../../support/fake-host.ts";
import { record } from "../../../support/mocks.ts";

interface Given {
  readonly channel?: string;
  readonly addon?: string;
  readonly address?: string;
  readonly role?: NodeRole;
}

async function textOf(step: string, action: "create" | "delete", given: Given): Promise<string> {
  const { channel = "1.34/stable", addon = "dns", address = "192.0.2.1", role = "control-plane" } = given;
  const recording = await record(
    () =>
      new MicroK8s("cluster", {
        host: bareHost("host", address),
        channel,
        addons: [addon],
        nodes: [{ name: "second", host: bareHost("second", "192.0.2.2"), role }],
      }),
  );
  return String(recording.named(`cluster-${step}-command`).inputs[action]);
}

const launchFile = "var/snap/microk8s/common/.microk8s.yaml";
const workerMark = "var/snap/microk8s/current/var/lock/clustered.lock";
const workerProxy = "var/snap/microk8s/current/args/traefik/provider.yaml";

let machine: FakeHost;

/** The parts of `snap` and `microk8s` that the scripts use. Files hold the state of the machine. */
beforeEach(() => {
  machine = new FakeHost();
  machine.command(
    "snap",
    `case $1 in
  list) [ -e "$ROOT/channel" ] && printf 'Name Version Rev Tracking\\nmicrok8s v1 1 %s canonical\\n' "$(cat "$ROOT/channel")" ;;
  install|refresh)
    case "$*" in *missing*) echo "error: no such channel" >&2; exit 1 ;; esac
    cp "$ROOT/${launchFile}" "$ROOT/launched" 2>/dev/null
    echo "$*" | sed 's/.*--channel=//' >"$ROOT/channel" ;;
  remove) rm "$ROOT/channel" ;;
esac`,
  );
  machine.command(
    "microk8s",
    `case "$*" in
  "status --addon "*) if [ -e "$ROOT/addon-$3" ]; then echo enabled; else echo disabled; fi ;;
  status*) [ -e "$ROOT/channel" ] && echo "microk8s is running" || echo "microk8s is not running." ;;
  "enable broken"*) echo "Addon broken was not found" >&2; exit 1 ;;
  "enable "*) touch "$ROOT/addon-\${2%%:*}" ;;
  "disable "*) rm "$ROOT/addon-$2" ;;
  config) printf 'clusters:\\n- cluster:\\n    server: https://10.0.0.4:16443\\n  name: x\\n' ;;
  add-node*) echo '{"token": "abc123", "urls": ["10.0.0.4:25000/abc123/f00"]}' ;;
  *InternalIP*metadata.name*|*metadata.name*InternalIP*) cat "$ROOT/nodes" ;;
  *InternalIP*)
    if [ -e "$ROOT/${workerMark}" ]; then echo "This MicroK8s deployment is acting as a node in a cluster."
    else cat "$ROOT/addresses" 2>/dev/null; fi ;;
esac`,
  );
  machine.command("sleep", ":");
});

afterEach(() => machine.remove());

async function create(step: string, given: Given = {}, input = ""): Promise<StepResult> {
  return machine.run(await textOf(step, "create", given), { input });
}

async function remove(step: string, given: Given = {}): Promise<StepResult> {
  return machine.run(await textOf(step, "delete", given));
}

function changes(command: string): string[] {
  return machine.calls(command).filter((call) => !/ (list|status|kubectl|config)\b/.test(call));
}

describe("install.sh", () => {
  it("installs from the channel once", async () => {
    const { exitCode, stderr } = await create("install");
    assert.equal(exitCode, 0, stderr);
    assert.match((await create("install")).stderr, /nothing to do/);
    assert.deepEqual(changes("snap"), ["snap install microk8s --classic --channel=1.34/stable"]);
  });

  it("refreshes to another channel", async () => {
    await create("install");
    await create("install", { channel: "1.35/stable" });
    assert.equal(changes("snap").at(-1), "snap refresh microk8s --channel=1.35/stable");
  });

  it("names the setting if the channel does not exist", async () => {
    const { exitCode, stderr } = await create("install", { channel: "missing/stable" });
    assert.equal(exitCode, 70);
    assert.match(stderr, /no such channel\n.*cannot install microk8s from the channel missing\/stable \| host 192/);
    assert.match(stderr, /check bibind:foundation\.cluster\.channel/);
  });

  it("configures a DNS name for the API server's certificate before MicroK8s makes it, but not an address", async () => {
    await create("install");
    assert.equal(machine.has(launchFile), false);
    await remove("install");
    await create("install", { address: "cluster.example.com" });
    assert.match(machine.read("launched"), /extraSANs:\n {2}- cluster\.example\.com\n/);
  });

  it("purges the snap, and does nothing if it is removed already", async () => {
    await create("install");
    assert.equal((await remove("install")).exitCode, 0);
    assert.equal((await remove("install")).exitCode, 0);
    assert.deepEqual(changes("snap").slice(1), ["snap remove microk8s --purge"]);
  });
});

describe("addon.sh", () => {
  it("enables the addon once", async () => {
    assert.equal((await create("addon-dns")).exitCode, 0);
    assert.match((await create("addon-dns")).stderr, /nothing to do/);
    assert.deepEqual(changes("microk8s"), ["microk8s enable dns"]);
  });

  it("adopts an addon that somebody else enabled", async () => {
    machine.write("addon-dns", "");
    assert.match((await create("addon-dns")).stderr, /nothing to do/);
    assert.deepEqual(changes("microk8s"), []);
  });

  it("disables it and enables it again when its argument changes", async () => {
    await create("addon-dns", { addon: "dns:1.1.1.1" });
    await create("addon-dns", { addon: "dns:9.9.9.9" });
    await create("addon-dns", { addon: "dns:9.9.9.9" });
    assert.deepEqual(changes("microk8s"), [
      "microk8s enable dns:1.1.1.1",
      "microk8s disable dns",
      "microk8s enable dns:9.9.9.9",
    ]);
  });

  it("names the setting if MicroK8s does not have the addon", async () => {
    const { exitCode, stderr } = await create("addon-broken", { addon: "broken" });
    assert.equal(exitCode, 70);
    assert.match(
      stderr,
      /Addon broken was not found\n.*cannot enable the addon broken .*bibind:foundation\.cluster\.addons/,
    );
  });

  it("disables it, and does nothing if it is disabled already", async () => {
    await create("addon-dns");
    await remove("addon-dns");
    assert.equal((await remove("addon-dns")).exitCode, 0);
    assert.deepEqual(changes("microk8s"), ["microk8s enable dns", "microk8s disable dns"]);
  });
});

describe("kubeconfig.sh", () => {
  it("contains the address that the deployer reaches, and is otherwise unchanged", async () => {
    const { report, stderr } = await create("kubeconfig");
    assert.equal(report, "clusters:\n- cluster:\n    server: https://192.0.2.1:16443\n  name: x");
    assert.doesNotMatch(stderr, /clusters/);
  });
});

describe("invite.sh, join.sh and member.sh", () => {
  it("create a token that can be used again after a failed attempt, and print it on standard output only", async () => {
    machine.write("channel", "1.34/stable");
    const { report, stderr } = await create("second-invite");
    assert.equal(report, "192.0.2.1:25000/abc123");
    assert(!stderr.includes("abc123"));
    assert.deepEqual(changes("microk8s"), ["microk8s add-node --token-ttl 86400 --format json"]);
  });

  it("join during the installation, with the token in a file that is deleted afterwards, and in no argument", async () => {
    machine.write("addresses", "192.0.2.2 192.0.2.1");
    const { exitCode, stderr } = await create("second-join", {}, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 0, stderr);
    assert.match(machine.read("launched"), /join:\n {2}url: 192\.0\.2\.1:25000\/abc123\n {2}worker: false\n/);
    assert.equal(machine.has(launchFile), false);
    assert(!(machine.read("calls.log") + stderr).includes("abc123"));
  });

  it("delete the token if the snap cannot be installed", async () => {
    const { exitCode, stderr } = await create("second-join", { channel: "missing/stable" }, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 70);
    assert.match(stderr, /cannot install microk8s from the channel missing\/stable/);
    assert.equal(machine.has(launchFile), false);
  });

  it("join as a worker, which has no list of nodes", async () => {
    for (const content of ["tcp:\n  services:\n  - address: 192.0.2.1:16443\n", "server: https://192.0.2.1:16443\n"]) {
      machine.write(workerMark, "");
      machine.write(workerProxy, content);
      const { exitCode, stderr } = await create("second-join", { role: "worker" }, "192.0.2.1:25000/abc123");
      assert.equal(exitCode, 0, stderr);
      assert.match(machine.read("launched"), /\n {2}worker: true\n/);
      assert.match((await create("second-join", { role: "worker" }, "x")).stderr, /nothing to do/);
      await remove("second-join", { role: "worker" });
    }
  });

  it("distinguish a worker of another cluster", async () => {
    machine.write(workerMark, "");
    machine.write(workerProxy, "- address: 192.0.2.11:16443\n- address: 1192.0.2.1:16443\n");
    const { exitCode, stderr } = await create("second-join", { role: "worker" }, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 70);
    assert.match(stderr, /does not join the cluster of 192\.0\.2\.1/);
  });

  it("do not change the role of a machine, but say how to change it", async () => {
    machine.write("channel", "1.34/stable");
    machine.write("addresses", "192.0.2.2 192.0.2.1");
    const { exitCode, stderr } = await create("second-join", { role: "worker" }, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 70);
    assert.match(
      stderr,
      /has the role control-plane in the cluster, and the settings give it the role worker .* remove it from bibind:f/,
    );
    assert.deepEqual(changes("snap"), []);
  });

  it("say which ports to open if the machine does not join", async () => {
    machine.write("addresses", "192.0.2.2");
    const { exitCode, stderr } = await create("second-join", {}, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 70);
    assert.match(stderr, /does not join the cluster of 192\.0\.2\.1 \| host 192\.0\.2\.2 \| open TCP 25000/);
  });

  it("wait until the new node is ready, and remove it from the cluster when it leaves", async () => {
    machine.write("nodes", "one 192.0.2.1 True\ntwo 192.0.2.2 True\n");
    assert.match((await create("second-member")).stderr, /nothing to do/);
    await remove("second-member");
    assert.deepEqual(changes("microk8s"), ["microk8s remove-node two --force"]);
  });

  it("leave the cluster before the snap is removed", async () => {
    machine.write("channel", "1.34/stable");
    assert.equal((await remove("second-join")).exitCode, 0);
    assert.deepEqual(changes("microk8s"), ["microk8s leave"]);
    assert.deepEqual(changes("snap"), ["snap remove microk8s --purge"]);
  });
});
