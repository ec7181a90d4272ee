import { vaultClusterPort, vaultPort } from "./address.ts";
import { selfInitialization, type FirstRequest } from "./self-init.ts";

/** The server's certificate and its key, as files in the container (PEM). The server reads them again on SIGHUP. */
export interface ListenerArgs {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A server of the same Raft cluster. */
export interface PeerArgs {
  /** Such as `https://vault-0.vault-internal:8200`. */
  readonly apiAddress: string;
  /** PEM file of the CA that signed its certificate. */
  readonly caCertFile: string;
}

/** Vault's integrated storage, in which every server stores all data. The charts set the ids and addresses of the servers. */
export interface StorageArgs {
  /** Folder of the data. */
  readonly path: string;
  /** Servers that a new server asks to join the cluster; none for a single server. */
  readonly peers: readonly PeerArgs[];
}

/** OpenBao only: the server unseals itself with a key of 32 bytes in a file. */
export interface StaticSeal {
  readonly kind: "static";
  /** Name of the key. A new key needs a new name. */
  readonly keyId: string;
  readonly keyFile: string;
}

/** The server unseals itself with a key of the transit engine of another Vault. Its token is in `VAULT_TOKEN`. */
export interface TransitSeal {
  readonly kind: "transit";
  readonly address: string;
  readonly keyName: string;
  readonly mountPath: string;
}

/** Configuration that both distributions have. */
export interface ServerArgs {
  readonly listener: ListenerArgs;
  readonly storage: StorageArgs;
}

export interface OpenBaoArgs extends ServerArgs {
  readonly seal: StaticSeal | TransitSeal;
  /** Path of the audit log. OpenBao accepts audit devices in its configuration only. */
  readonly auditFile: string;
  /** Requests that the server makes itself at its first start; none for a server with peers. */
  readonly firstRequests: readonly FirstRequest[];
}

export interface HashiCorpVaultArgs extends ServerArgs {
  readonly seal: TransitSeal;
}

type Json = string | boolean | number | readonly Json[] | { readonly [name: string]: Json | undefined };

function staticSeal({ keyId, keyFile }: StaticSeal): Json {
  return { static: { current_key_id: keyId, current_key: `file://${keyFile}` } };
}

function transitSeal({ address, keyName, mountPath }: TransitSeal): Json {
  return { transit: { address, key_name: keyName, mount_path: `${mountPath}/` } };
}

function raft({ path, peers }: StorageArgs): Json {
  const join = peers.map((peer) => ({ leader_api_addr: peer.apiAddress, leader_ca_cert_file: peer.caCertFile }));
  return { raft: { path, retry_join: join.length > 0 ? join : undefined } };
}

/** Largest request in bytes. Secrets, policies and certificates are much smaller. Default of both distributions: 32 MiB. */
const maxRequestBytes = 1024 * 1024;

function common({ listener, storage }: ServerArgs): { readonly [name: string]: Json | undefined } {
  return {
    ui: true,
    listener: [
      {
        tcp: {
          address: `[::]:${vaultPort}`,
          cluster_address: `[::]:${vaultClusterPort}`,
          tls_cert_file: listener.certFile,
          tls_key_file: listener.keyFile,
          max_request_size: maxRequestBytes,
        },
      },
    ],
    storage: raft(storage),
    // The server labels its pod with its state, so that a Service can select the active server.
    service_registration: { kubernetes: {} },
  };
}

function text(configuration: Json): string {
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}

/**
 * A device that writes every request and its answer. The file has the whole history; what the server prints can be read by
 * people who can change neither.
 */
function auditDevice(name: string, path: string): Json {
  // Without a second field, the parser reads `options` as another name of the device.
  return { file: { [name]: { description: "every request and answer", options: { file_path: path } } } };
}

/**
 * The configuration of an OpenBao server as JSON, which it reads in place of HCL. It holds no secret.
 *
 * @throws Error when a server that initialises itself has peers: OpenBao does not wait for them (its issue 3652), so each
 * server would become a Vault of its own. Such a cluster starts with one server; the others join without first requests.
 */
export function openBaoConfiguration(args: OpenBaoArgs): string {
  const { seal, auditFile, firstRequests, storage } = args;
  if (firstRequests.length > 0 && storage.peers.length > 0) {
    throw new Error(
      "an OpenBao server that initialises itself may have no peers: each would become a Vault of its own",
    );
  }
  return text({
    ...common(args),
    seal: [seal.kind === "static" ? staticSeal(seal) : transitSeal(seal)],
    audit: [auditDevice("file", auditFile), auditDevice("print", "stdout")],
    ...(firstRequests.length > 0 ? selfInitialization(firstRequests) : {}),
  });
}

/**
 * The configuration of a HashiCorp Vault server. It has no static seal, does not initialise itself, and accepts audit
 * devices through its API only. Integrated storage requires `disable_mlock`: pods have no swap, so nothing must be locked.
 */
export function hashiCorpVaultConfiguration(args: HashiCorpVaultArgs): string {
  return text({ ...common(args), disable_mlock: true, seal: [transitSeal(args.seal)] });
}
