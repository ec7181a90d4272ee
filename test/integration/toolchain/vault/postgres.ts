import { existsSync } from "node:fs";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { certificates } from "./openbao.ts";
import { freePort } from "../../../support/free-port.ts";

/** A real PostgreSQL server on the loopback interface. It accepts connections with and without TLS. */
export interface TestPostgres {
  readonly port: number;
  /** The superuser. */
  readonly user: string;
  readonly password: string;
  /** Certificate of the CA that signed the server's certificate. */
  readonly caCertFile: string;
  /** Runs SQL, by default as the superuser in the database `postgres`. @returns one line for each row */
  sql(statement: string, as?: PostgresLogin): Promise<string>;
  remove(): Promise<void>;
}

/** How a client connects. */
export interface PostgresLogin {
  readonly user: string;
  readonly password: string;
  /** Default: `postgres`. */
  readonly database?: string;
  /** Default: `prefer`. */
  readonly sslmode?: "disable" | "require";
}

export interface PostgresOptions {
  /** Rules for connections over TCP (pg_hba.conf). The superuser always connects. Default: users connect with passwords. */
  readonly accessRules?: readonly string[];
}

const programs = "/usr/lib/postgresql/15/bin";

async function installed(): Promise<void> {
  if (!existsSync(programs)) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await execa("apt-get", ["install", "--yes", "--no-install-recommends", "postgresql-15"], { env });
  }
}

/** The user of PostgreSQL's processes. PostgreSQL refuses to run as root. */
async function nobody(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => execa("id", [flag, "nobody"])));
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}

/** Rules like those of CloudNativePG: the superuser has a socket, and no other user does. */
function accessFile(superuser: string, rules: readonly string[]): string {
  return ["local all all peer map=local", `host all ${superuser} all scram-sha-256`, ...rules, ""].join("\n");
}

export async function startPostgres({ accessRules }: PostgresOptions = {}): Promise<TestPostgres> {
  await installed();
  const folder = await mkdtemp(join(tmpdir(), "bibind-postgres-"));
  const owner = await nobody();
  await chown(folder, owner.uid, owner.gid);
  const port = await freePort();
  const user = "owner";
  const password = "never-log-this-owner";
  const run = (program: string, ...args: string[]) => execa(join(programs, program), args, { ...owner, cwd: folder });
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  await chown(passwordFile, owner.uid, owner.gid);
  const data = join(folder, "data");
  await run("initdb", "-D", data, "-U", user, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--no-sync");
  if (accessRules !== undefined) {
    await writeFile(join(data, "pg_hba.conf"), accessFile(user, accessRules));
    await writeFile(join(data, "pg_ident.conf"), `local nobody ${user}\n`);
  }
  await certificates(folder);
  await chown(join(folder, "bao.key"), owner.uid, owner.gid);
  const tls = `-c ssl=on -c ssl_cert_file=${folder}/bao.pem -c ssl_key_file=${folder}/bao.key`;
  const options = `${tls} -c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off`;
  await run("pg_ctl", "-D", data, "-l", join(folder, "log"), "-o", options, "--wait", "start");
  return {
    port,
    user,
    password,
    caCertFile: join(folder, "ca.pem"),
    async sql(statement, as = { user, password }) {
      const target = ["-h", "127.0.0.1", "-p", String(port), "-d", as.database ?? "postgres", "-U", as.user];
      const env = { PGPASSWORD: as.password, PGSSLMODE: as.sslmode ?? "prefer" };
      const { stdout } = await execa(join(programs, "psql"), [...target, "-X", "-A", "-t", "-c", statement], { env });
      return stdout;
    },
    async remove() {
      await run("pg_ctl", "-D", data, "--mode=immediate", "--wait", "stop");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
