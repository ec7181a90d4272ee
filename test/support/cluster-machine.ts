import { MicroK8s, type NodeRole } from "../../components/cluster/microk8s.ts";
import { bareHost } from "./bare-host.ts";
import { FakeHost, type StepResult } from "./fake-host.ts";
import { record } from "./mocks.ts";

/** The settings of a step's cluster that differ from the usual ones. */
export interface ClusterSettings {
  readonly channel?: string;
  readonly addon?: string;
  /** Address of the first machine, for its own steps. */
  readonly address?: string;
  /** Role of the second machine. */
  readonly role?: NodeRole;
}

async function textOf(step: string, action: "create" | "delete", given: ClusterSettings): Promise<string> {
  const { channel = "1.34/stable", addon = "dns", address = "192.0.2.1", role = "control-plane" } = given;
  const firstAddress = step.startsWith("second-") ? "server.example.com" : address;
  const recording = await record(
    () =>
      new MicroK8s("cluster", {
        host: bareHost("host", firstAddress),
        channel,
        addons: [addon],
        nodes: [{ name: "second", host: bareHost("second", "node.example.com"), role }],
      }),
  );
  return String(recording.named(`cluster-${step}-command`).inputs[action]);
}

/** Files of MicroK8s on the machine. */
export const launchFile = "var/snap/microk8s/common/.microk8s.yaml";
export const apiServerFlags = "var/snap/microk8s/current/args/kube-apiserver";
export const workerMark = "var/snap/microk8s/current/var/lock/clustered.lock";
export const workerProxy = "var/snap/microk8s/current/args/traefik/provider.yaml";

/**
 * A fake machine with the parts of `snap`, `microk8s` and of the network that the scripts of a cluster use. Files hold its
 * state.
 */
export class ClusterMachine extends FakeHost {
  constructor() {
    super();
    this.command(
      "snap",
      `case $1 in
  list) [ "$2" = microk8s ] || { echo Name; cat "$ROOT/other-snap"; }
    [ -e "$ROOT/channel" ] && printf 'Name Version Rev Tracking\\nmicrok8s v1 1 %s canonical\\n' "$(cat "$ROOT/channel")" ;;
  install|refresh)
    case "$*" in *missing*) echo "error: no such channel" >&2; exit 1 ;; esac
    cp "$ROOT/${launchFile}" "$ROOT/launched" 2>/dev/null
    echo "$*" | sed 's/.*--channel=//' >"$ROOT/channel" ;;
  remove) rm "$ROOT/channel" ;;
  services) printf 'Service Startup Current Notes\n%s enabled active -\n' microk8s.daemon-kubelite ;;
  restart) cp "$ROOT/${apiServerFlags}" "$ROOT/started" ;;
esac`,
    );
    this.command(
      "microk8s",
      `case "$*" in
  "status --addon "*) if [ -e "$ROOT/addon-$3" ]; then echo enabled; else echo disabled; fi ;;
  status*) [ -e "$ROOT/channel" ] && ! grep -qsx broken "$ROOT/started" && echo "microk8s is running" || echo "microk8s is not running." ;;
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
    this.command("sleep", ":");
    this.write("own-addresses", "192.0.2.1 10.1.7.64 2001:db8::1");
    this.command("hostname", `case $1 in -I) cat "$ROOT/own-addresses" ;; *) echo Machine-1 ;; esac`);
    this.command("getent", `[ "$2" = node ] && cat "$ROOT/found" 2>/dev/null`);
    this.write("found", "192.0.2.2 STREAM node\n");
    this.command("timeout", ":");
    this.command("openssl", 'echo "$5 $6 does match certificate"');
  }

  /** Runs a step of the cluster on this machine. The second machine's steps have names that begin with `second-`. */
  async create(step: string, given: ClusterSettings = {}, input = ""): Promise<StepResult> {
    return this.run(await textOf(step, "create", given), { input });
  }

  async delete(step: string, given: ClusterSettings = {}): Promise<StepResult> {
    return this.run(await textOf(step, "delete", given));
  }

  /** The calls of a command that change the machine. */
  changes(command: string): string[] {
    return this.calls(command).filter((call) => !/ (list|status|kubectl|config)\b/.test(call));
  }
}
