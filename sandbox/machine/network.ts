import { execa } from "execa";
import { z } from "zod";
import type { MachineNetwork, MachineSpec } from "./spec.ts";

/** The alias that marks the network interfaces of the sandbox on this computer. */
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
  // An empty list is an empty text, not `[]`.
  return JSON.parse((await ip("-json", ...args)) || "[]");
}

/** The network interfaces of this computer. `ip address` shows their addresses, `ip link` shows their aliases. */
export async function readLinks(): Promise<Link[]> {
  const links = z.array(linkSchema).parse(await ipJson("link", "show"));
  const addressed = z.array(linkSchema).parse(await ipJson("address", "show"));
  const addresses = new Map(addressed.map((link) => [link.ifname, link.addr_info]));
  return links.map((link) => ({ ...link, addr_info: addresses.get(link.ifname) ?? [] }));
}

/** The IPv4 routes of this computer. */
export async function readRoutes(): Promise<Route[]> {
  return z.array(routeSchema).parse(await ipJson("-4", "route", "show"));
}

/**
 * The `ip` commands that connect a machine to the network of this computer. Existing interfaces and routes stay.
 *
 * @param pid - init process of the machine
 */
export function attachCommands(spec: MachineSpec, pid: number, links: readonly Link[], routes: readonly Route[]) {
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

/** Connects a machine to the network of this computer. @param pid - init process of the machine */
export async function attachMachine(spec: MachineSpec, pid: number): Promise<void> {
  for (const command of attachCommands(spec, pid, await readLinks(), await readRoutes())) {
    await ip(...command);
  }
}

/** The `ip` commands that disconnect a machine from the network of this computer. The last one removes the bridge. */
export function detachCommands(spec: MachineSpec, links: readonly Link[], routes: readonly Route[]): string[][] {
  // An interface gets its alias before its address. One without both belongs to a start that was killed.
  const isOurs = (link: Link): boolean =>
    link.ifalias === interfaceAlias || !link.addr_info.some((address) => address.family === "inet");
  const { bridge } = spec.network;
  const commands = spec.routes
    .filter((range) => routes.some((route) => route.dst === range && route.gateway === spec.address))
    .map((range) => ["route", "delete", range, "via", spec.address]);
  if (links.some((link) => link.ifname === spec.name && isOurs(link))) {
    commands.push(["link", "delete", spec.name]);
  }
  const hasOthers = links.some((link) => link.master === bridge && link.ifname !== spec.name);
  if (!hasOthers && links.some((link) => link.ifname === bridge && isOurs(link))) {
    commands.push(["link", "delete", bridge]);
  }
  return commands;
}

export async function detachMachine(spec: MachineSpec): Promise<void> {
  for (const command of detachCommands(spec, await readLinks(), await readRoutes())) {
    await execa("ip", command, { reject: false }).then((result) => {
      // The kernel removes the interface itself after the machine's last process. Then there is nothing left to delete.
      if (result.failed && !/Cannot find device|No such process/.test(result.stderr)) {
        throw new Error(`ip ${command.join(" ")}: ${result.stderr}`);
      }
    });
  }
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Whether two IPv4 ranges (`10.0.0.0/8`, `10.1.2.3`) share an address. */
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

/** The address range of a network, written with its gateway: `172.30.0.1/24`. */
export function rangeOf(network: MachineNetwork): string {
  return `${network.gateway}/${network.prefix}`;
}
