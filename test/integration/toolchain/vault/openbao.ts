import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { until } from "../../../../sandbox/builds/until.ts";
import { openbao } from "../../../../sandbox/toolchain/openbao/openbao.ts";
import { freePort } from "../../../support/free-port.ts";

/** A real OpenBao on the loopback, with TLS, raft storage and a static seal, set up by its own self-initialisation. */
export interface TestVault {
  readonly address: string;
  readonly caCertFile: string;
  readonly folder: string;
  /** Signs in at `auth/userpass` with the policy `admin`, which may do everything. */
  readonly admin: { readonly username: string; readonly password: string };
  /** Stops the server, as a crash would, and leaves its data. */
  stop(): Promise<void>;
  /** Starts it again; resolves when it serves. */
  start(): Promise<void>;
  /** Stops it and removes all that it wrote. */
  remove(): Promise<void>;
}

/** Writes an authority (`ca.pem`) and what it signed for 127.0.0.1 (`bao.pem`, `bao.key`). */
export async function certificates(folder: string): Promise<void> {
  const openssl = (...args: string[]) => execa("openssl", args, { cwd: folder });
  const elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  await openssl("req", "-x509", ...elliptic, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test authority");
  const names = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"];
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=127.0.0.1"];
  await openssl("req", "-x509", ...elliptic, ...signed, ...names, "-keyout", "bao.key", "-out", "bao.pem");
}

/** What the configuration of the server names. */
export interface ServerPlaces {
  /** Holds `ca.pem`, `bao.pem`, `bao.key`, `seal.key` and the folder `data`. */
  readonly folder: string;
  readonly api: number;
  readonly cluster: number;
  readonly password: string;
}

export interface VaultOptions {
  /** Default: a server that the user `admin` may do everything with. */
  readonly configuration?: (places: ServerPlaces) => string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it is left for the test to initialise. Default: its configuration does that. */
  readonly uninitialised?: boolean;
}

/** What `bao status` ends with while the server is sealed, as it is before it was initialised. */
const sealedCode = 2;

/** A node that is unsealed becomes the active one a moment later; until then it sends everybody away (307). */
const activeStatus = z.object({ sealed: z.literal(false), is_self: z.literal(true) });

function withAdmin({ folder, api, cluster, password }: ServerPlaces): string {
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
  const places = { folder, api: await freePort(), cluster: await freePort(), password };
  await mkdir(join(folder, "data"));
  await certificates(folder);
  await writeFile(join(folder, "seal.key"), randomBytes(32), { mode: 0o600 });
  await writeFile(join(folder, "bao.hcl"), configuration(places), { mode: 0o600 });
  const caCertFile = join(folder, "ca.pem");
  const address = `https://127.0.0.1:${places.api}`;
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
