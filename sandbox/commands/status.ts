import { readFile } from "node:fs/promises";
import { machineStatus, type MachineStatus } from "../machine/machine.ts";
import { applicationRows, applicationsTable } from "./applications.ts";
import { refuseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { outputOnHost, knownHost } from "./known-host.ts";
import { listFinishedPods, listPods, podNames, readinessOf } from "./pods.ts";
import { stateFile } from "./stack/folder.ts";
import { stackOutputs } from "./stack/outputs.ts";
import { recordedCluster } from "./stack/recorded-cluster.ts";
import { stackSummary } from "./stack/summary.ts";
import { columnsOf, table } from "./table.ts";
import { faultsIn, verdict, type Found, type Inside } from "./verdict.ts";

type Row = [kind: string, name: string, state: string];

/** One row per service. */
export function serviceRows(units: Inside["units"]): Row[] {
  return columnsOf(units, 4).map(([unit = "", , active = "", sub = ""]) => [
    "service",
    unit.replace(/\.service$/, ""),
    `${active} (${sub})`,
  ]);
}

/** One row per node. */
export function nodeRows(nodes: Inside["nodes"]): Row[] {
  return columnsOf(nodes, 5).map(([name = "", status = "", , age = "", version = ""]) => [
    "node",
    name,
    `${status}, ${version}, ${age} old`,
  ]);
}

/** One row for all ready pods, and one for each pod that is not ready or has finished. */
export function podRows({ pods, finished }: Pick<Inside, "pods" | "finished">): Row[] {
  if (pods === undefined) {
    return [];
  }
  const { ready, waiting } = readinessOf(pods);
  const total = ready + waiting.length;
  return [
    ["pods", "", `${ready} of ${total} ${total === 1 ? "is" : "are"} ready`],
    ...waiting.map((pod): Row => ["pod", pod, "not ready"]),
    ...podNames(finished).map((pod): Row => ["pod", pod, "finished, as a task should"]),
  ];
}

/** The row of the stack. @param state - content of the engine's state file; empty when there is no stack */
export function stackRow(state: string): Row {
  const stack = stackSummary(state);
  if (stack === undefined) {
    return ["stack", "sandbox", "does not exist"];
  }
  const { resources, lastChange = "never", unfinished } = stack;
  const left = unfinished > 0 ? `, ${unfinished} unfinished: run make up again` : "";
  return ["stack", "sandbox", `${counted(resources, "resource")}, last changed ${lastChange}${left}`];
}

function machineRow({ name, state, address, processes }: MachineStatus): Row {
  return ["machine", name, `${state}, ${address}, ${counted(processes, "process", "processes")}`];
}

async function readInside(): Promise<Inside> {
  const units = "chart-mirror.service mail-catcher.service name-server.service ssh.service snap.*.service";
  const listed = await outputOnHost("systemctl", "list-units", "--all", "--plain", "--no-legend", ...units.split(" "));
  const nodes = await outputOnHost("sudo", "microk8s", "kubectl", "get", "nodes", "--no-headers");
  const [pods, finished] = [await listPods(), await listFinishedPods()];
  return { units: listed ?? "", nodes: nodes ?? "", pods, finished: finished ?? "" };
}

async function find(): Promise<Found> {
  const machine = (await recordedCluster()) === "existing" ? undefined : await machineStatus(knownHost);
  const inside = machine?.state === "running" ? await readInside() : undefined;
  const outputs = await stackOutputs();
  const applications = outputs === undefined ? [] : await applicationRows(outputs);
  return { machine, inside, applications, state: await readFile(stateFile(), "utf8").catch(() => "") };
}

function rowsOf({ machine, inside, state }: Found): Row[] {
  return [
    ...(machine === undefined ? [] : [machineRow(machine)]),
    ...(inside === undefined ? [] : [...serviceRows(inside.units), ...nodeRows(inside.nodes), ...podRows(inside)]),
    stackRow(state),
  ];
}

export const command: Command = {
  name: "status",
  summary: "show the applications, the machine, its services, the node and the stack, and whether all is well",
  usage: "",
  run: async (args) => {
    refuseArguments(args);
    const found = await find();
    const faults = faultsIn(found);
    const applications = found.applications.length === 0 ? "" : `${applicationsTable(found.applications)}\n`;
    process.stdout.write(`${applications}${table(["kind", "name", "state"], rowsOf(found))}\n${verdict(faults)}`);
    return faults.length === 0 ? 0 : 3;
  },
};
