import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { until } from "../../../../sandbox/builds/until.ts";
import { openbao } from "../../../../sandbox/toolchain/openbao/openbao.ts";
import { freePort } from "../../../support/free-port.ts";

/** A real OpenBao server on the loopback interface, with TLS, raft storage and a static seal. It initialises itself. */
export interface TestVault {
  readonly address: string;
  readonly caCertFile: string;
  readonly folder: string;
  /** Credentials for `auth/userpass`. The policy `admin` allows everything. */
  readonly admin: { readonly username: string; readonly password: string };
  /** Stops the server and keeps its data. */
  stop(): Promise<void>;
  /** Starts the server again, and waits until it is ready. */
  start(): Promise<void>;
  /** Stops the server and removes its data. */
  remove(): Promise<void>;
}

/** Writes the certificate of a CA (`ca.pem`), and a certificate for 127.0.0.1 that it signed (`bao.pem`, `bao.key`). */
export async function certificates(folder: string): Promise<void> {
  const openssl = (...args: string[]) => execa("openssl", args, { cwd: folder });
  const elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  await openssl("req", "-x509", ...elliptic, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test authority");
  const names = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"];
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=127.0.0.1"];
  await openssl("req", "-x509", ...elliptic, ...signed, ...names, "-keyout", "bao.key", "-out", "bao.pem");
}

/** Files, ports and password for the configuration of the server. */
export interface ServerParameters {
  /** Folder with `ca.pem`, `bao.pem`, `bao.key`, `seal.key` and the folder `data`. */
  readonly folder: string;
  readonly api: number;
  readonly cluster: number;
  readonly password: string;
}

export interface VaultOptions {
  /** Text of the server's configuration. Default: a server with the user `admin`, who may do everything. */
  readonly configuration?: (parameters: ServerParameters) => string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the test itself initialises the server. Default: false, because the configuration does it. */
  readonly uninitialised?: boolean;
}

/** Exit code of `bao status` for a sealed server. A server is sealed until it is initialised. */
const sealedCode = 2;

/** An unsealed node becomes active a moment later. Until then, it redirects every request (307). */
const activeStatus = z.object({ sealed: z.literal(false), is_self: z.literal(true) });

function withAdmin({ folder, api, cluster, password }: ServerParameters): string {
  const request = (name: string, path: string, data: string) =>
    `  request "${name}" {\n    operation = "update"\n    path = "${path}"\n    data = { ${data} }\n  }\n`;
  const policy =
    'path \\"*\\" { capabilities = [\\"create\\", \\"read\\", \\"update\\", \\"delete\\", \\"list\\", \\"sudo\\"] }';
  return `
    ui = false
    disable_mlock = true
    unsafe_allow_api_audit_creation = true
    api_addr = "https://127.0.0.1:${api}"
    cluster_addr = "https://127.0.0.1:${cluster}"
    storage "raft" { path = "${folder}/data"  node_id = "one" }
    seal "static" { current_key_id = "one"  current_key = "file://${folder}/seal.key" }
    listener "tcp" {
      address = "127.0.0.1:${api}"
      cluster_address = "127.0.0.1:${cluster}"
      tls_cert_file = "${folder}/bao.pem"
      tls_key_file = "${folder}/bao.key"
    }
    initialize "test" {
    ${request("userpass", "sys/auth/userpass", 'type = "userpass"')}
    ${request("policy", "sys/policies/acl/admin", `policy = "${policy}"`)}
    ${request("user", "auth/userpass/users/admin", `password = "${password}", token_policies = ["admin"]`)}
    }
  `;
}

const startupSeconds = 60;

export async function startVault(options: VaultOptions = {}): Promise<TestVault> {
  const { configuration = withAdmin, environment, uninitialised = false } = options;
  const folder = await mkdtemp(join(tmpdir(), "bibind-vault-"));
  const bao = await openbao();
  const password = randomBytes(12).toString("hex");
  const parameters = { folder, api: await freePort(), cluster: await freePort(), password };
  await mkdir(join(folder, "data"));
  await certificates(folder);
  await writeFile(join(folder, "seal.key"), randomBytes(32), { mode: 0o600 });
  await writeFile(join(folder, "bao.hcl"), configuration(parameters), { mode: 0o600 });
  const caCertFile = join(folder, "ca.pem");
  const address = `https://127.0.0.1:${parameters.api}`;
  let running: AbortController | undefined;
  let ended: Promise<unknown> = Promise.resolve();

  const isServing = async () => {
    const env = { VAULT_ADDR: address, VAULT_CACERT: caCertFile, BAO_ADDR: address, BAO_CACERT: caCertFile };
    const { exitCode, stdout } = await execa(bao, ["status", "-format=json"], { env, reject: false });
    return uninitialised
      ? exitCode === sealedCode
      : exitCode === 0 && activeStatus.safeParse(JSON.parse(stdout)).success;
  };
  const vault: TestVault = {
    address,
    caCertFile,
    folder,
    admin: { username: "admin", password },
    async start() {
      running = new AbortController();
      const log = { file: join(folder, "bao.log"), append: true } as const;
      ended = execa(bao, ["server", `-config=${folder}/bao.hcl`], {
        env: environment,
        stdout: log,
        stderr: log,
        cancelSignal: running.signal,
        forceKillAfterDelay: 5000,
        reject: false,
      });
      if ((await until(isServing, { seconds: startupSeconds, pause: 200 })) === undefined) {
        throw new Error(`OpenBao does not start: ${await readFile(join(folder, "bao.log"), "utf8")}`);
      }
    },
    async stop() {
      running?.abort();
      await ended;
    },
    async remove() {
      await vault.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await vault.start();
  return vault;
}
