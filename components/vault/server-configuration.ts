import { selfInitialization, type FirstRequest } from "./self-init.ts";

/** The certificate that the server shows, as files in its container (PEM); a SIGHUP reads them anew. */
export interface ListenerArgs {
  readonly certFile: string;
  readonly keyFile: string;
  /** Default: every address, port 8200. */
  readonly address?: string;
  /** For the other nodes. Default: every address, port 8201. */
  readonly clusterAddress?: string;
}

/** Another node of the same Vault. */
export interface PeerArgs {
  /** Such as `https://vault-0.vault-internal:8200`. */
  readonly apiAddress: string;
  /** The authority that signed its certificate (PEM file). */
  readonly caCertFile: string;
}

/** Vault's integrated storage, in which every node keeps all data. */
export interface StorageArgs {
  /** Folder of the data. */
  readonly path: string;
  /** Default: the environment's `BAO_RAFT_NODE_ID` or `VAULT_RAFT_NODE_ID`, which the charts set to the pod's name. */
  readonly nodeId?: string;
  /** Whom a new node asks to be taken in. Default: nobody, it is alone. */
  readonly peers?: readonly PeerArgs[];
}

/** A key of 32 bytes in a file, and its name; a new key has a new name. */
export interface SealKey {
  readonly id: string;
  readonly file: string;
}

/** OpenBao only: the server unseals itself with a key in a file. */
export interface StaticSeal {
  readonly kind: "static";
  readonly key: SealKey;
  /** The key before the last change: what it sealed is read with it and sealed again with the new one. */
  readonly previousKey?: SealKey;
}

/** The server unseals itself with a key of the transit engine of another Vault; the token is in its `VAULT_TOKEN`. */
export interface TransitSeal {
  readonly kind: "transit";
  readonly address: string;
  readonly keyName: string;
  /** Default: `transit`. */
  readonly mountPath?: string;
  /** The authority that signed the other Vault's certificate (PEM file). Default: those of the system. */
  readonly caCertFile?: string;
}

/** What both distributions are told. */
export interface ServerArgs {
  readonly listener: ListenerArgs;
  readonly storage: StorageArgs;
  /** How clients and nodes reach this node. Default: the environment's, which the charts set. */
  readonly apiAddress?: string;
  readonly clusterAddress?: string;
  /** Serve the web page. Default: yes. */
  readonly ui?: boolean;
  /** Label the pod by what it is (active, sealed, …), so that a Service can find the active one. Default: no. */
  readonly labelsPod?: boolean;
}

export interface OpenBaoArgs extends ServerArgs {
  readonly seal: StaticSeal | TransitSeal;
  /** The audit log. OpenBao takes audit devices from its configuration only; a path, or `stdout`. */
  readonly auditFile: string;
  /** What the server does by itself before its first service. Default: nothing, `bao operator init` does it. */
  readonly firstRequests?: readonly FirstRequest[];
}

export interface HashiCorpVaultArgs extends ServerArgs {
  readonly seal: TransitSeal;
}

type Json = string | boolean | readonly Json[] | { readonly [name: string]: Json | undefined };

function staticSeal({ key, previousKey }: StaticSeal): Json {
  return {
    static: {
      current_key_id: key.id,
      current_key: `file://${key.file}`,
      previous_key_id: previousKey?.id,
      previous_key: previousKey === undefined ? undefined : `file://${previousKey.file}`,
    },
  };
}

function transitSeal({ address, keyName, mountPath = "transit", caCertFile }: TransitSeal): Json {
  return { transit: { address, key_name: keyName, mount_path: `${mountPath}/`, tls_ca_cert: caCertFile } };
}

function raft({ path, nodeId, peers = [] }: StorageArgs): Json {
  const join = peers.map((peer) => ({ leader_api_addr: peer.apiAddress, leader_ca_cert_file: peer.caCertFile }));
  return { raft: { path, node_id: nodeId, retry_join: join.length > 0 ? join : undefined } };
}

function common(args: ServerArgs): { readonly [name: string]: Json | undefined } {
  const { listener, storage, ui = true, labelsPod = false } = args;
  return {
    ui,
    api_addr: args.apiAddress,
    cluster_addr: args.clusterAddress,
    listener: [
      {
        tcp: {
          address: listener.address ?? "[::]:8200",
          cluster_address: listener.clusterAddress ?? "[::]:8201",
          tls_cert_file: listener.certFile,
          tls_key_file: listener.keyFile,
        },
      },
    ],
    storage: raft(storage),
    service_registration: labelsPod ? { kubernetes: {} } : undefined,
  };
}

function text(configuration: Json): string {
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}

/**
 * The configuration of an OpenBao server: JSON, which it reads in place of HCL. It holds no secret.
 *
 * @throws Error when a node that initialises itself has peers: OpenBao does not wait for them (its issue 3652), so every
 * node would make a Vault of its own. Such a Vault begins with one node, and the others come without first requests.
 */
export function openBaoConfiguration(args: OpenBaoArgs): string {
  const { seal, auditFile, firstRequests = [], storage } = args;
  if (firstRequests.length > 0 && (storage.peers ?? []).length > 0) {
    throw new Error(
      "an OpenBao node that initialises itself may have no peers: each of them would be a Vault of its own",
    );
  }
  return text({
    ...common(args),
    seal: [seal.kind === "static" ? staticSeal(seal) : transitSeal(seal)],
    // Without a second field the parser takes `options` for a further name of the device.
    audit: [{ file: { file: { description: "every request and answer", options: { file_path: auditFile } } } }],
    ...(firstRequests.length > 0 ? selfInitialization(firstRequests) : {}),
  });
}

/**
 * The configuration of a HashiCorp Vault server. It has no static seal, does not initialise itself and takes audit
 * devices by its API only. Integrated storage demands a word on locking memory: without swap there is nothing to lock.
 */
export function hashiCorpVaultConfiguration(args: HashiCorpVaultArgs): string {
  return text({ ...common(args), disable_mlock: true, seal: [transitSeal(args.seal)] });
}
