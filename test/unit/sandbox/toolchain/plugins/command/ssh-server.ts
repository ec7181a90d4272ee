import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { makeKeyPair, type KeyPair } from "../../../../../support/ssh-keys.ts";

const { Server, utils } = ssh2;

/** An SSH server on the loopback interface that runs commands with `/bin/sh` and forwards connections. */
export interface TestServer {
  readonly port: number;
  readonly hostKey: string;
  /** The commands that it ran. */
  readonly commands: string[];
  /** Closes every open connection. */
  readonly drop: () => void;
  readonly stop: () => Promise<void>;
}

/** Starts the server. @param client - the only key pair that it accepts, for any user */
export async function startServer(client: KeyPair): Promise<TestServer> {
  const host = makeKeyPair();
  const commands: string[] = [];
  const open = new Set<Connection>();
  const allowed = parsePublic(client.public);
  const server = new Server({ hostKeys: [host.private] }, (connection) => {
    open.add(connection);
    connection.on("error", () => undefined);
    connection.on("close", () => open.delete(connection));
    connection.on("authentication", (attempt) => {
      const isAllowed = attempt.method === "publickey" && attempt.key.data.equals(allowed);
      if (isAllowed) {
        attempt.accept();
      } else {
        attempt.reject(["publickey"]);
      }
    });
    connection.on("tcpip", (accept, _reject, info) => forward(accept(), info.destPort));
    connection.on("session", (acceptSession) => {
      const environment: Record<string, string> = {};
      const session = acceptSession();
      session.on("env", (_accept, _reject, { key, val }) => {
        environment[key] = val;
      });
      session.on("exec", (accept, _reject, { command }) => {
        commands.push(command);
        runCommand(accept(), command, environment);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const drop = () => open.forEach((connection) => connection.end());
  return {
    port: portOf(server.address()),
    hostKey: host.public,
    commands,
    drop,
    stop: () => {
      drop();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return address.port;
}

function parsePublic(text: string): Buffer {
  const key = utils.parseKey(text);
  if (key instanceof Error) {
    throw key;
  }
  return key.getPublicSSH();
}

function runCommand(channel: ServerChannel, command: string, env: Record<string, string>): void {
  const child = spawn("/bin/sh", ["-c", command], { env: { PATH: process.env.PATH, ...env }, detached: true });
  channel.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  child.stdout.on("data", (chunk: Buffer) => channel.write(chunk));
  child.stderr.on("data", (chunk: Buffer) => channel.stderr.write(chunk));
  channel.on("close", () => {
    if (child.exitCode === null && child.pid !== undefined) {
      process.kill(-child.pid);
    }
  });
  child.on("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}

function forward(channel: ServerChannel, port: number): void {
  void import("node:net").then(({ connect }) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => channel.close());
    channel.on("error", () => socket.destroy());
    channel.pipe(socket).pipe(channel);
  });
}
