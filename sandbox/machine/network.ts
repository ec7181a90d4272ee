import { execa } from "execa";
import { z } from "zod";
import type { MachineNetwork, MachineSpec } from "./spec.ts";

/** Marks the interfaces outside that are ours. */
export const interfaceAlias = "bibind sandbox";

const linkSchema = z.object({
  ifname: z.string(),
  ifalias: z.string().optional(),
  master: z.string().optional(),
  operstate: z.string().optional(),
  flags: z.array(z.string()).default([]),
  addr_info: z
    .array(z.object({ family: z.string(), local: z.string().optional(), prefixlen: z.number() }).partial())
    .default([]),
});
const routeSchema = z.object({ dst: z.string(), gateway: z.string().optional(), dev: z.string().optional() });

export type Link = z.infer<typeof linkSchema>;
export type Route = z.infer<typeof routeSchema>;

async function ip(...args: readonly string[]): Promise<string> {
  return (await execa("ip", args)).stdout;
}

async function ipJson(...args: readonly string[]): Promise<unknown> {
  // With nothing to show, `ip` prints nothing at all.
  return JSON.parse((await ip("-json", ...args)) || "[]");
}

/** Interfaces of the outside with their addresses. `ip address` tells the addresses, `ip link` the marks. */
export async function readLinks(): Promise<Link[]> {
  const links = z.array(linkSchema).parse(await ipJson("link", "show"));
  const addressed = z.array(linkSchema).parse(await ipJson("address", "show"));
  const addresses = new Map(addressed.map((link) => [link.ifname, link.addr_info]));
  return links.map((link) => ({ ...link, addr_info: addresses.get(link.ifname) ?? [] }));
}

/** IPv4 routes of the outside. */
export async function readRoutes(): Promise<Route[]> {
  return z.array(routeSchema).parse(await ipJson("-4", "route", "show"));
}

/** The `ip` commands that bring the outside's interfaces and routes from `links` and `routes` to what `spec` says. */
export function plugCommands(spec: MachineSpec, pid: number, links: readonly Link[], routes: readonly Route[]) {
  const { bridge, gateway, prefix } = spec.network;
  const commands: string[][] = [];
  const bridgeLink = links.find((link) => link.ifname === bridge);
  const port = links.find((link) => link.ifname === spec.name);
  if (bridgeLink === undefined) {
    commands.push(["link", "add", bridge, "type", "bridge"]);
  }
  if (bridgeLink?.ifalias !== interfaceAlias) {
    commands.push(["link", "set", bridge, "alias", interfaceAlias]);
  }
  if (!bridgeLink?.addr_info.some((address) => address.local === gateway)) {
    commands.push(["address", "add", `${gateway}/${prefix}`, "dev", bridge]);
  }
  if (!bridgeLink?.flags.includes("UP")) {
    commands.push(["link", "set", bridge, "up"]);
  }
  if (port === undefined) {
    commands.push(["link", "add", spec.name, "type", "veth", "peer", "name", "eth0", "netns", String(pid)]);
  }
  if (port?.ifalias !== interfaceAlias) {
    commands.push(["link", "set", spec.name, "alias", interfaceAlias]);
  }
  if (port?.master !== bridge) {
    commands.push(["link", "set", spec.name, "master", bridge]);
  }
  if (!port?.flags.includes("UP")) {
    commands.push(["link", "set", spec.name, "up"]);
  }
  for (const range of spec.routes) {
    if (!routes.some((route) => route.dst === range && route.gateway === spec.address)) {
      commands.push(["route", "add", range, "via", spec.address]);
    }
  }
  return commands;
}

/** Connects the machine whose first process is `pid` with the outside; what is there already is kept. */
export async function plug(spec: MachineSpec, pid: number): Promise<void> {
  for (const command of plugCommands(spec, pid, await readLinks(), await readRoutes())) {
    await ip(...command);
  }
}

/** The `ip` commands that remove what `plug` made; the bridge goes with its last machine. */
export function unplugCommands(spec: MachineSpec, links: readonly Link[], routes: readonly Route[]): string[][] {
  // The mark comes right after the interface and before its address: what has neither was being made when we were killed.
  const ours = (link: Link): boolean =>
    link.ifalias === interfaceAlias || !link.addr_info.some((address) => address.family === "inet");
  const { bridge } = spec.network;
  const commands = spec.routes
    .filter((range) => routes.some((route) => route.dst === range && route.gateway === spec.address))
    .map((range) => ["route", "delete", range, "via", spec.address]);
  if (links.some((link) => link.ifname === spec.name && ours(link))) {
    commands.push(["link", "delete", spec.name]);
  }
  const others = links.some((link) => link.master === bridge && link.ifname !== spec.name);
  if (!others && links.some((link) => link.ifname === bridge && ours(link))) {
    commands.push(["link", "delete", bridge]);
  }
  return commands;
}

export async function unplug(spec: MachineSpec): Promise<void> {
  for (const command of unplugCommands(spec, await readLinks(), await readRoutes())) {
    await execa("ip", command, { reject: false }).then((result) => {
      // The kernel removes the port itself a moment after the machine's last process: then it is just gone.
      if (result.failed && !/Cannot find device|No such process/.test(result.stderr)) {
        throw new Error(`ip ${command.join(" ")}: ${result.stderr}`);
      }
    });
  }
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** True when two IPv4 ranges (`10.0.0.0/8`, `10.1.2.3`) share an address. */
export function overlaps(one: string, other: string): boolean {
  const range = (text: string): [number, number] => {
    const [address = "", bits = "32"] = text.split("/");
    const size = 2 ** (32 - Number(bits));
    const start = Math.floor(toNumber(address) / size) * size;
    return [start, start + size];
  };
  const [start, end] = range(one);
  const [otherStart, otherEnd] = range(other);
  return start < otherEnd && otherStart < end;
}

/** The range of the network, such as `172.30.0.0/24`, by its gateway. */
export function rangeOf(network: MachineNetwork): string {
  return `${network.gateway}/${network.prefix}`;
}
