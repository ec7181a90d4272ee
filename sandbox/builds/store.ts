import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
  /** Fills `into`; subprocess output goes to the file `log`. */
  readonly produce: (into: string, log: string) => Promise<void>;
}

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

async function produceAtomically(request: BuildRequest, target: string): Promise<void> {
  const unfinished = `${target}.unfinished`;
  const log = join(cacheFolder("logs"), `build-${request.name}.log`);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await mkdir(cacheFolder("logs"), { recursive: true });
  await writeFile(log, "");
  try {
    await request.produce(unfinished, log);
  } catch (cause) {
    if (cause instanceof OperatorError) {
      throw cause;
    }
    throw new OperatorError(
      {
        what: `building ${request.name} failed: ${cause instanceof Error ? cause.message : String(cause)}\n${await lastLines(log, 15)}`,
        where: log,
        remedy: "mend what the log names and run the command again; what is already built is kept",
      },
      { cause },
    );
  }
  await rename(unfinished, target);
}

/**
 * Builds a thing once and keeps it under the user's cache folder, addressed by the hash of its inputs.
 *
 * A finished folder appears by one rename, so a build killed at any point leaves nothing half done,
 * and two processes that want the same thing build it once.
 *
 * @returns the finished folder; treat it as read-only
 * @throws OperatorError when the build fails, with the end of its log
 */
export async function build(request: BuildRequest): Promise<string> {
  const target = join(cacheFolder("store"), `${request.name}-${hashOf(request.inputs)}`);
  if (existsSync(target)) {
    return target;
  }
  await mkdir(cacheFolder("store"), { recursive: true });
  await holdingLock(`${target}.lock`, async () => {
    if (!existsSync(target)) {
      await step(`build ${request.name}`, () => produceAtomically(request, target));
    }
  });
  return target;
}
