import { existsSync } from "node:fs";
import { execa } from "execa";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { ResourceContext } from "../server/plugin.ts";
import { OutputRecorder, commandFailed, previousOutput, type Outcome } from "./execution.ts";
import type { LocalInputs } from "./inputs.ts";

/** A cancelled command is asked to end, and killed after this time. */
const graceMilliseconds = 1000;

const defaultInterpreter = ["/bin/sh", "-c"];

type RunContext = Pick<ResourceContext, "log" | "cancelled" | "name">;

/** Runs a command on this machine, in a process group of its own so that all of it can be stopped. */
export async function runLocally(
  context: RunContext,
  command: string,
  inputs: LocalInputs,
  previous?: Outcome,
): Promise<Outcome> {
  context.cancelled.throwIfAborted();
  const where = `local command ${context.name}`;
  const dir = inputs.dir ?? process.cwd();
  if (!existsSync(dir)) {
    throw new OperatorError({ what: `the folder ${dir} does not exist`, where, remedy: "make it, or change dir" });
  }
  const interpreter = inputs.interpreter?.length ? inputs.interpreter : defaultInterpreter;
  const [program, ...args] = [...interpreter, command];
  const recorder = new OutputRecorder(context, inputs.logging);
  const child = execa(program, args, {
    cwd: dir,
    env: {
      // Meant for our own Node programs alone.
      NODE_COMPILE_CACHE: undefined,
      ...previousOutput(inputs.addPreviousOutputInEnv, previous),
      ...inputs.environment,
    },
    input: inputs.stdin ?? "",
    buffer: false,
    reject: false,
    detached: true,
  });
  child.stdout.on("data", (chunk: Uint8Array) => recorder.add("stdout", chunk));
  child.stderr.on("data", (chunk: Uint8Array) => recorder.add("stderr", chunk));
  const stop = () => stopGroup(child.pid);
  context.cancelled.addEventListener("abort", stop, { once: true });
  const result = await child;
  context.cancelled.removeEventListener("abort", stop);
  context.cancelled.throwIfAborted();
  if (result.exitCode === undefined && result.signal === undefined) {
    throw new OperatorError({
      what: `${program} could not be started`,
      where,
      remedy: "install it, or change interpreter",
    });
  }
  if (result.exitCode !== 0) {
    throw commandFailed(where, result.signal === undefined ? `code ${result.exitCode}` : result.signal, recorder);
  }
  return recorder.outcome();
}

function stopGroup(pid: number | undefined): void {
  if (pid !== undefined) {
    signalGroup(pid, "SIGTERM");
    setTimeout(() => signalGroup(pid, "SIGKILL"), graceMilliseconds).unref();
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of the group has ended already.
  }
}
