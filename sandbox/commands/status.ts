import { readFile } from "node:fs/promises";
import { z } from "zod";
import { machineStatus, type MachineStatus } from "../machine/machine.ts";
import { applicationRows, applicationsTable } from "./applications.ts";
import { refuseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { outputOnHost, knownHost } from "./known-host.ts";
import { listPods, readinessOf } from "./pods.ts";
import { stateFile } from "./stack/folder.ts";
import { stackOutputs } from "./stack/outputs.ts";
import { columnsOf, table } from "./table.ts";

type Row = [kind: string, name: string, state: string];

/**
 * One row per service.
 *
 * @param units - output of `systemctl list-units --plain --no-legend`: unit, load, active, sub, description
 */
export function serviceRows(units: string): Row[] {
  return columnsOf(units, 4).map(([unit = "", , active = "", sub = ""]) => [
    "service",
    unit.replace(/\.service$/, ""),
    `${active} (${sub})`,
  ]);
}

/**
 * One row per node.
 *
 * @param nodes - output of `kubectl get nodes --no-headers`: name, status, roles, age, version
 */
export function nodeRows(nodes: string): Row[] {
  return columnsOf(nodes, 5).map(([name = "", status = "", , age = "", version = ""]) => [
    "node",
    name,
    `${status}, ${version}, ${age} old`,
  ]);
}

/**
 * One row for all ready pods, and one for each other pod.
 *
 * @param listed - output of `listPods`; without it there are no rows
 */
export function podRows(listed: string | undefined): Row[] {
  if (listed === undefined) {
    return [];
  }
  const { ready, waiting } = readinessOf(listed);
  return [["pods", "", `${ready} ready`], ...waiting.map((pod): Row => ["pod", pod, "not ready"])];
}

const stateSchema = z.looseObject({
  checkpoint: z.looseObject({
    latest: z
      .looseObject({
        manifest: z.looseObject({ time: z.string() }).optional(),
        resources: z.array(z.unknown()).nullish(),
        pending_operations: z.array(z.unknown()).nullish(),
      })
      .nullish(),
  }),
});

/** The row of the stack. @param state - content of the engine's state file; empty when there is no stack */
export function stackRow(state: string): Row {
  if (state === "") {
    return ["stack", "sandbox", "does not exist"];
  }
  const latest = stateSchema.parse(JSON.parse(state)).checkpoint.latest;
  const pending = latest?.pending_operations?.length ?? 0;
  const unfinished = pending > 0 ? `, ${pending} unfinished: run make up again` : "";
  const time = latest?.manifest?.time.slice(0, 19) ?? "never";
  return ["stack", "sandbox", `${latest?.resources?.length ?? 0} resources, last changed ${time}${unfinished}`];
}

function machineRow(status: MachineStatus): Row {
  return ["machine", status.name, `${status.state}, ${status.address}, ${status.processes} processes`];
}

async function rowsInside(): Promise<Row[]> {
  const units = "chart-mirror.service mail-catcher.service name-server.service ssh.service snap.*.service";
  const listed = await outputOnHost("systemctl", "list-units", "--all", "--plain", "--no-legend", ...units.split(" "));
  const nodes = await outputOnHost("sudo", "microk8s", "kubectl", "get", "nodes", "--no-headers");
  return [...serviceRows(listed ?? ""), ...nodeRows(nodes ?? ""), ...podRows(await listPods())];
}

export const command: Command = {
  name: "status",
  summary: "show the applications, the machine, its services, the node and the stack",
  usage: "",
  run: async (args) => {
    refuseArguments(args);
    const status = await machineStatus(knownHost);
    const rows = [
      machineRow(status),
      ...(status.state === "running" ? await rowsInside() : []),
      stackRow(await readFile(stateFile(), "utf8").catch(() => "")),
    ];
    const outputs = await stackOutputs();
    const applications = outputs === undefined ? [] : await applicationRows(outputs);
    process.stdout.write(applications.length === 0 ? "" : `${applicationsTable(applications)}\n`);
    process.stdout.write(table(["kind", "name", "state"], rows));
    return status.state === "running" ? 0 : 3;
  },
};
