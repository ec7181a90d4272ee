/** The network that machines share: one bridge outside, one address range. */
export interface MachineNetwork {
  /** Name of the bridge outside, at most 15 characters; it carries `gateway`. */
  readonly bridge: string;
  /** IPv4 address of the outside, and default route of every machine. */
  readonly gateway: string;
  /** Length of the network's prefix in bits. */
  readonly prefix: number;
}

/** A folder of the outside that a machine sees, read-only. */
export interface SharedFolder {
  readonly outside: string;
  /** Absolute path in the machine. */
  readonly inside: string;
}

/** A file or folder of ours that is copied into the machine each time it starts, such as its `snap` command. */
export interface InstalledFile {
  readonly outside: string;
  /** Absolute path in the machine. */
  readonly inside: string;
}

/** One machine that takes a real server's place. */
export interface MachineSpec {
  /** Host name, network interface outside, and folder under `machines` of the cache; at most 15 characters. */
  readonly name: string;
  readonly network: MachineNetwork;
  /** IPv4 address of the machine in `network`. */
  readonly address: string;
  /** Names that resolve to `address`, outside and inside, besides `name`. */
  readonly names: readonly string[];
  /** IPv4 ranges that the outside reaches through the machine, such as Kubernetes' Service addresses. */
  readonly routes: readonly string[];
  readonly shares: readonly SharedFolder[];
  readonly files: readonly InstalledFile[];
  /** Upper limit of the memory of everything in the machine, in bytes; default: no limit. */
  readonly memoryBytes?: number;
}

/** The network of the sandbox. */
export const sandboxNetwork: MachineNetwork = { bridge: "bibind0", gateway: "172.30.0.1", prefix: 24 };

/** Where the local snap store, the chart mirror's files and the mail catcher's program are inside the host. */
export const snapStoreInside = "/var/lib/bibind-snaps";
export const chartsInside = "/var/lib/bibind-charts";
export const mailInside = "/var/lib/bibind-mail";

/** What is built outside, before the sandbox's host starts. */
export interface HostProvisions {
  /** Folder of the local snap store. */
  readonly snaps: string;
  /** Folder of the chart mirror's files. */
  readonly charts: string;
  /** Folder of the program that catches mail. */
  readonly mail: string;
  readonly files: readonly InstalledFile[];
}

/** The machine that takes the OVH server's place. */
export function sandboxHost(names: readonly string[], provisions: HostProvisions): MachineSpec {
  return {
    name: "bibind-host",
    network: sandboxNetwork,
    address: "172.30.0.2",
    names,
    routes: ["10.152.183.0/24"],
    shares: [
      { outside: provisions.snaps, inside: snapStoreInside },
      { outside: provisions.charts, inside: chartsInside },
      { outside: provisions.mail, inside: mailInside },
    ],
    files: provisions.files,
  };
}
