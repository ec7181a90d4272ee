import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { cacheFolder } from "./folders.ts";
import { holdingLock } from "./lock.ts";
import { step } from "./progress.ts";

/** One thing to build: its name, everything its content depends on, and how it is made. */
export interface BuildRequest {
  /** Names the folder and the progress line, such as `go-kubernetes`. */
  readonly name: string;
  /** Every input of the build: a name and its content, or the version that fixes it. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Downloads what `produce` reads; output of subprocesses goes to the file `log`. Default: nothing. */
  readonly download?: (log: string) => Promise<void>;
  /** Whether `produce` keeps every core busy. Only two such builds run at a time. Default: false. */
  readonly compiles?: boolean;
  /** Fills `into`; output of subprocesses goes to the file `log`. */
  readonly produce: (into: string, log: string) => Promise<void>;
}

/** Reports each thing that is there: its name, and the seconds that its build took, or 0 when the store had it. */
export const buildEvents = new EventEmitter<{ ready: [name: string, seconds: number] }>();

/** The linker uses one core. While one program is linked, another one is compiled. */
const compiling = pLimit(2);

/** Modules are many small files: a few downloads at a time fill the network. */
const downloading = pLimit(5);

function hashOf(inputs: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(inputs).sort()) {
    hash.update(JSON.stringify([name, inputs[name]]));
  }
  return hash.digest("hex").slice(0, 16);
}

async function lastLines(log: string, count: number): Promise<string> {
  const text = await readFile(log, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

/** A failure of a build as the operator reads it: with the end of the build's log. */
async function buildError(name: string, log: string, cause: unknown): Promise<OperatorError> {
  if (cause instanceof OperatorError) {
    return cause;
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OperatorError(
    {
      what: `building ${name} failed: ${reason}\n${await lastLines(log, 15)}`,
      where: log,
      remedy: "fix what the log names and run the command again; everything that is already built is kept",
    },
    { cause },
  );
}

async function produceAtomically(request: BuildRequest, target: string, log: string): Promise<void> {
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await request.produce(unfinished, log);
  await rename(unfinished, target);
}

/** Downloads as soon as possible, then waits for the build's turn. */
async function downloadAndProduce(request: BuildRequest, target: string): Promise<void> {
  const { name, download, compiles = false } = request;
  const log = join(cacheFolder("logs"), `build-${name}.log`);
  await mkdir(cacheFolder("logs"), { recursive: true });
  await writeFile(log, "");
  const produce = (): Promise<void> => step(`build ${name}`, () => produceAtomically(request, target, log));
  try {
    if (download !== undefined) {
      await downloading(() => download(log));
    }
    await (compiles ? compiling(produce) : produce());
  } catch (cause) {
    throw await buildError(name, log, cause);
  }
}

/**
 * Builds a thing once and keeps it under the user's cache folder, addressed by the hash of its inputs.
 *
 * A finished folder appears by one rename. A build that is killed at any point leaves nothing half done, and two
 * processes that want the same thing build it once. Builds that are asked for at the same time run at the same time,
 * as far as their download and the machine's cores allow.
 *
 * @returns the finished folder; treat it as read-only
 * @throws OperatorError when the build fails, with the end of its log
 */
export async function build(request: BuildRequest): Promise<string> {
  const target = join(cacheFolder("store"), `${request.name}-${hashOf(request.inputs)}`);
  const start = performance.now();
  if (existsSync(target)) {
    buildEvents.emit("ready", request.name, 0);
    return target;
  }
  await mkdir(cacheFolder("store"), { recursive: true });
  await holdingLock(`${target}.lock`, async () => {
    if (!existsSync(target)) {
      await downloadAndProduce(request, target);
    }
  });
  buildEvents.emit("ready", request.name, (performance.now() - start) / 1000);
  return target;
}
