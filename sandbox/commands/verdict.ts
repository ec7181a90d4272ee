import type { MachineStatus } from "../machine/machine.ts";
import type { ApplicationRow } from "./applications.ts";
import { counted } from "./counted.ts";
import { healthy } from "./health.ts";
import { readinessOf } from "./pods.ts";
import { stackSummary } from "./stack/summary.ts";
import { columnsOf } from "./table.ts";

/** What runs on the machine, as its commands list it. */
export interface Inside {
  /** `systemctl list-units --plain --no-legend`: unit, load, active, sub, description. */
  readonly units: string;
  /** `kubectl get nodes --no-headers`: name, status, roles, age, version. */
  readonly nodes: string;
  /** Output of `listPods`; undefined when the cluster does not answer. */
  readonly pods: string | undefined;
  /** Output of `listFinishedPods`. */
  readonly finished: string;
}

/** What `make status` finds. */
export interface Found {
  /** Undefined when the stack is on an existing cluster. */
  readonly machine: MachineStatus | undefined;
  /** Undefined when no machine runs. */
  readonly inside: Inside | undefined;
  readonly applications: readonly ApplicationRow[];
  /** Content of the engine's state file; empty when there is no stack. */
  readonly state: string;
}

function faultsInside({ units, nodes, pods }: Inside): string[] {
  const failed = columnsOf(units, 4).filter(([, , active]) => active === "failed");
  const notReady = columnsOf(nodes, 5).filter(([, status]) => status !== "Ready");
  return [
    ...failed.map(([unit = ""]) => `the service ${unit.replace(/\.service$/, "")} failed`),
    ...notReady.map(([name = "", status = ""]) => `the node ${name} is ${status}`),
    ...(pods === undefined
      ? ["the cluster does not answer"]
      : readinessOf(pods).waiting.map((pod) => `not ready: ${pod}`)),
  ];
}

function stackFaults(state: string): string[] {
  const stack = stackSummary(state);
  if (stack === undefined) {
    return ["the platform is not deployed: make up"];
  }
  const { unfinished } = stack;
  return unfinished === 0 ? [] : [`a run left ${counted(unfinished, "unfinished operation")}: make up`];
}

/** Everything that is not as it should be, a sentence each. When the machine does not run, only that counts. */
export function faultsIn({ machine, inside, applications, state }: Found): string[] {
  if (machine !== undefined && machine.state !== "running") {
    return [machine.state === "starting" ? "the machine is starting" : "the machine is stopped: make up"];
  }
  return [
    ...(inside === undefined ? [] : faultsInside(inside)),
    ...applications.flatMap(([name, , , health]) => (health === healthy ? [] : [`${name}: ${health}`])),
    ...stackFaults(state),
  ];
}

/** The last lines of `make status`. */
export function verdict(faults: readonly string[]): string {
  return faults.length === 0
    ? "well: everything runs\n"
    : `not well:\n${faults.map((fault) => `  ${fault}\n`).join("")}`;
}
