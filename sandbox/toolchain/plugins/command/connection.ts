import { setTimeout as delay } from "node:timers/promises";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { ResourceContext } from "../server/plugin.ts";
import { algorithmsOf, fingerprint, parseHostKey } from "./host-key.ts";
import type { Connection, Endpoint } from "./inputs.ts";

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 5000;
/** Interval of keepalive messages. A connection without an answer for four intervals counts as lost. */
const keepaliveMilliseconds = 15_000;

export type DialContext = Pick<ResourceContext, "log" | "cancelled">;

/** A failed connection attempt. */
class DialError extends OperatorError {
  /** Whether further attempts would fail too. */
  readonly permanent: boolean;

  constructor(endpoint: Endpoint, what: string, remedy: string, permanent: boolean, cause?: unknown) {
    super({ what, where: addressOf(endpoint), remedy }, { cause });
    this.permanent = permanent;
  }
}

function addressOf({ user, host, port }: Endpoint): string {
  return `${user}@${host}:${port}`;
}

/** Opens a connection, through the proxy if there is one, and closes it after `work`. */
export async function withConnection<T>(
  context: DialContext,
  connection: Connection,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { proxy } = connection;
  const openProxy = proxy && (await dialWithRetry(context, proxy));
  try {
    const socket = openProxy && (() => forward(openProxy, connection));
    const client = await dialWithRetry(context, connection, socket);
    try {
      return await work(client);
    } finally {
      client.end();
    }
  } finally {
    openProxy?.end();
  }
}

type OpenSocket = () => Promise<ClientChannel>;

async function dialWithRetry(context: DialContext, endpoint: Endpoint, openSocket?: OpenSocket): Promise<Client> {
  if (endpoint.hostKey === undefined) {
    const warning = `the identity of ${endpoint.host} is not checked: set connection.hostKey to its public key`;
    await context.log("warning", warning);
  }
  const limit = endpoint.dialErrorLimit;
  for (let failed = 1, pause = firstPauseMilliseconds; ; failed++) {
    context.cancelled.throwIfAborted();
    try {
      return await dial(endpoint, openSocket && (await openSocket()));
    } catch (error) {
      if (!(error instanceof DialError) || error.permanent || (limit >= 0 && failed > limit)) {
        throw error;
      }
      await context.log("info", `connecting to ${addressOf(endpoint)} failed ${failed} times; retrying`);
    }
    await delay(pause, undefined, { signal: context.cancelled });
    pause = Math.min(1.5 * pause, longestPauseMilliseconds);
  }
}

function dial(endpoint: Endpoint, socket?: ClientChannel): Promise<Client> {
  const client = new Client();
  let shownKey: Buffer | undefined;
  const config = configOf(endpoint, (key) => (shownKey = key));
  return new Promise((resolve, reject) => {
    client.once("ready", () => {
      client.removeAllListeners("error");
      // After this, the channels report a lost connection.
      client.on("error", () => undefined);
      resolve(client);
    });
    client.once("error", (error: Error & { level?: string }) => {
      client.on("error", () => undefined);
      client.destroy();
      reject(dialError(endpoint, error, shownKey));
    });
    client.on("keyboard-interactive", (_name, _instructions, _language, prompts, finish) =>
      finish(prompts.map(() => endpoint.password ?? "")),
    );
    try {
      client.connect(socket === undefined ? config : { ...config, sock: socket });
    } catch (cause) {
      const remedy =
        "set privateKey to the whole text of an OpenSSH or PEM private key, and privateKeyPassword if it has one";
      reject(new DialError(endpoint, "the private key cannot be read", remedy, true, cause));
    }
  });
}

function configOf(endpoint: Endpoint, show: (key: Buffer) => void): ConnectConfig {
  const expected = endpoint.hostKey === undefined ? undefined : parseHostKey(endpoint.hostKey);
  if (endpoint.hostKey !== undefined && expected === undefined) {
    const remedy = "set it to the line in /etc/ssh/ssh_host_ed25519_key.pub of the host";
    throw new DialError(endpoint, "connection.hostKey holds no SSH public key", remedy, true);
  }
  return {
    host: endpoint.host,
    port: endpoint.port,
    username: endpoint.user,
    password: endpoint.password,
    privateKey: endpoint.privateKey,
    passphrase: endpoint.privateKeyPassword,
    agent: endpoint.agentSocketPath ?? process.env.SSH_AUTH_SOCK,
    tryKeyboard: endpoint.password !== undefined,
    readyTimeout: endpoint.perDialTimeout * 1000,
    keepaliveInterval: keepaliveMilliseconds,
    algorithms: expected === undefined ? {} : { serverHostKey: [...algorithmsOf(expected.type)] },
    hostVerifier: (key: Buffer) => {
      show(key);
      return expected === undefined || expected.bytes.equals(key);
    },
  };
}

function dialError(endpoint: Endpoint, error: Error & { level?: string }, shownKey: Buffer | undefined): DialError {
  const expected = endpoint.hostKey === undefined ? undefined : parseHostKey(endpoint.hostKey);
  if (expected !== undefined && shownKey !== undefined && !expected.bytes.equals(shownKey)) {
    const what = `the host shows another key (${fingerprint(shownKey)}) than connection.hostKey (${fingerprint(expected.bytes)}), so nothing was run there`;
    const remedy = "set connection.hostKey to the new key only after you have checked that the host was reinstalled";
    return new DialError(endpoint, what, remedy, true, error);
  }
  if (expected !== undefined && error.message.includes("no matching host key")) {
    const what = `the host has no key of type ${expected.type}, the type of connection.hostKey, so nothing was run there`;
    return new DialError(endpoint, what, "set connection.hostKey to a key that the host has", true, error);
  }
  if (error.level === "client-authentication") {
    const what = `the host refuses user ${endpoint.user} with the ${credentialsOf(endpoint)} given`;
    const remedy = "add the public key to the user's authorized_keys on the host, or use a key that is in it";
    return new DialError(endpoint, what, remedy, true, error);
  }
  const remedy = "check that the host is running, its address and port, and that no firewall blocks the connection";
  return new DialError(endpoint, `the host cannot be reached: ${error.message}`, remedy, false, error);
}

function credentialsOf(endpoint: Endpoint): string {
  return endpoint.privateKey !== undefined
    ? "private key"
    : endpoint.password !== undefined
      ? "password"
      : "agent's keys";
}

function forward(proxy: Client, { host, port }: Endpoint): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    proxy.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (error === undefined) {
        resolve(channel);
      } else {
        reject(error);
      }
    });
  });
}
