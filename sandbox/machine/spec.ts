/** A network that machines share: a bridge on this computer, and an address range. */
export interface MachineNetwork {
  /** Name of the bridge, at most 15 characters. */
  readonly bridge: string;
  /** IPv4 address of the bridge. It is the default route of every machine. */
  readonly gateway: string;
  /** Prefix length of the address range in bits. */
  readonly prefix: number;
}

/** A folder of this computer that is mounted read-only in a machine. */
export interface SharedFolder {
  /** Absolute path on this computer. */
  readonly source: string;
  /** Absolute path in the machine. */
  readonly target: string;
}

/** A file or folder that is copied into the machine at each start, for example its `snap` command. */
export interface InstalledFile {
  /** Absolute path on this computer. */
  readonly source: string;
  /** Absolute path in the machine. */
  readonly target: string;
}

/** A machine of the sandbox. It stands in for a real server. */
export interface MachineSpec {
  /** Host name, at most 15 characters. It is also the name of its cache folder and its interface on this computer. */
  readonly name: string;
  readonly network: MachineNetwork;
  /** IPv4 address of the machine in `network`. */
  readonly address: string;
  /** More host names for `address`. They resolve on this computer and in the machine. */
  readonly names: readonly string[];
  /** IPv4 ranges that this computer routes to the machine, for example the Service addresses of Kubernetes. */
  readonly routes: readonly string[];
  readonly shares: readonly SharedFolder[];
  readonly files: readonly InstalledFile[];
  /** Memory limit of the whole machine in bytes. Default: no limit. */
  readonly memoryBytes?: number;
}

/** The network of the sandbox. */
export const sandboxNetwork: MachineNetwork = { bridge: "bibind0", gateway: "172.30.0.1", prefix: 24 };

/** The folders in the machine for the local snap store, for the files of the chart mirror, and for the mail server. */
export const snapStoreTarget = "/var/lib/bibind-snaps";
export const chartsTarget = "/var/lib/bibind-charts";
export const mailTarget = "/var/lib/bibind-mail";

/** The folders and files that must be built before the sandbox's host can start. */
export interface HostArtifacts {
  /** Folder of the local snap store. */
  readonly snaps: string;
  /** Folder of the chart mirror's files. */
  readonly charts: string;
  /** Folder of the mail server's program. */
  readonly mail: string;
  readonly files: readonly InstalledFile[];
}

/** The machine that stands in for the OVH server. @param names - its host names besides `bibind-host` */
export function sandboxHost(names: readonly string[], artifacts: HostArtifacts): MachineSpec {
  return {
    name: "bibind-host",
    network: sandboxNetwork,
    address: "172.30.0.2",
    names,
    routes: ["10.152.183.0/24"],
    shares: [
      { source: artifacts.snaps, target: snapStoreTarget },
      { source: artifacts.charts, target: chartsTarget },
      { source: artifacts.mail, target: mailTarget },
    ],
    files: artifacts.files,
  };
}
