import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { cacheFolder, projectFolder } from "../builds/folders.ts";
import { parentOf } from "../machine/processes.ts";
import { runningEngine } from "./stack/engine-lock.ts";

/** Another command or an engine works on the sandbox. */
export class SandboxBusy extends OperatorError {}

/** A command that works on the sandbox and its stack. */
const holderSchema = z.object({
  pid: z.number(),
  /** Its name for people, such as `make up`. */
  command: z.string(),
  /** The checkout that it runs in. */
  folder: z.string(),
  /** When it began, in ISO 8601. */
  since: z.string(),
});

type Holder = z.infer<typeof holderSchema>;

/**
 * The lock is a socket with an abstract name: two processes cannot listen on one name, and the system frees the name when
 * its process ends, however it ends. The name belongs to the cache folder, which all checkouts of a user share.
 *
 * @param ancestors - holders that started this process, outermost first. Their descendants exclude each other by a further
 * lock.
 */
function socketName(ancestors: readonly number[]): string {
  const folder = createHash("sha256").update(cacheFolder()).digest("hex").slice(0, 16);
  return `\0${["bibind-sandbox", folder, ...ancestors].join("-")}`;
}

/** Takes a lock: listens on its name, and answers everyone who it is. @returns undefined when another process has it */
async function listen(name: string, holder: Holder): Promise<Server | undefined> {
  const server = createServer((connection) => {
    connection.on("error", () => undefined);
    connection.end(JSON.stringify(holder));
  });
  server.listen(name);
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      return undefined;
    }
    throw error;
  }
  // The lock must not keep a process alive.
  return server.unref();
}

/** Milliseconds in which the holder of a lock must answer. */
const answerLimit = 5000;

/** Who has the lock; undefined when the lock was released meanwhile. @throws SandboxBusy when the holder is suspended */
async function holderOf(name: string): Promise<Holder | undefined> {
  const limit = AbortSignal.timeout(answerLimit);
  const answer = await text(connect({ path: name, signal: limit })).catch(() => "");
  if (limit.aborted) {
    throw new SandboxBusy({
      what: "another command works on the sandbox and does not answer, so nothing was changed here",
      where: "a suspended process of this user",
      remedy: "resume it (fg) or end it, then run again",
    });
  }
  return answer === "" ? undefined : holderSchema.parse(JSON.parse(answer));
}

async function isAncestor(pid: number): Promise<boolean> {
  let parent = await parentOf(process.pid);
  while (parent !== undefined && parent !== pid) {
    parent = await parentOf(parent);
  }
  return parent === pid;
}

/** Takes the lock, or the next one below an ancestor that has it. @returns the holder that is in the way */
async function take(holder: Holder, ancestors: readonly number[] = []): Promise<Server | Holder> {
  const name = socketName(ancestors);
  const server = await listen(name, holder);
  if (server !== undefined) {
    return server;
  }
  const other = await holderOf(name);
  if (other === undefined) {
    return take(holder, ancestors);
  }
  return (await isAncestor(other.pid)) ? take(holder, [...ancestors, other.pid]) : other;
}

function busy({ pid, command, folder, since }: Holder): SandboxBusy {
  const minutes = Math.round((Date.now() - Date.parse(since)) / 60_000);
  return new SandboxBusy({
    what: `${command} works on the sandbox since ${since.slice(11, 19)} UTC (${minutes} min), so nothing was changed here`,
    where: `process ${pid}, started in ${folder}`,
    remedy: `wait until it ends, or end it: kill ${pid}. Meanwhile make status, make logs and make ssh work`,
  });
}

/** An engine can outlive the command that started it. */
async function refuseRunningEngine(): Promise<void> {
  const pid = await runningEngine();
  if (pid !== undefined) {
    throw new SandboxBusy({
      what: "another update of the sandbox's stack is running, so nothing was changed here",
      where: `process ${pid}`,
      remedy: `wait until it ends, or end it: kill ${pid}. Then run again`,
    });
  }
}

/**
 * Works on the sandbox while no other command does. A command that this process starts may work on it too.
 *
 * @param command - name of this command for people
 * @throws SandboxBusy when another command or an engine works on it; nothing is changed then
 */
export async function holdingSandbox<T>(command: string, work: () => Promise<T>): Promise<T> {
  const since = new Date().toISOString();
  const taken = await take({ pid: process.pid, command, folder: projectFolder, since });
  if ("pid" in taken) {
    throw busy(taken);
  }
  try {
    await refuseRunningEngine();
    return await work();
  } finally {
    taken.close();
  }
}
