import type { Client } from "ssh2";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { ResourceContext } from "../server/plugin.ts";
import { withConnection } from "./connection.ts";
import { OutputRecorder, commandFailed, previousOutput, type Printed } from "./execution.ts";
import type { RemoteInputs } from "./inputs.ts";

type RunContext = Pick<ResourceContext, "log" | "cancelled" | "name">;

/** Runs a command on a host over SSH, in the user's login shell. */
export async function runRemotely(
  context: RunContext,
  command: string,
  inputs: RemoteInputs,
  previous: Printed = { stdout: "", stderr: "" },
): Promise<Printed> {
  const recorder = new OutputRecorder(context, inputs.logging);
  const where = `remote command ${context.name} on ${inputs.connection.host}`;
  const env = { ...(inputs.addPreviousOutputInEnv ? previousOutput(previous) : {}), ...inputs.environment };
  const ending = await withConnection(context, inputs.connection, async (client) => {
    const stop = () => client.destroy();
    context.cancelled.addEventListener("abort", stop, { once: true });
    try {
      return await execute(client, command, { env, input: inputs.stdin ?? "", recorder });
    } finally {
      context.cancelled.removeEventListener("abort", stop);
    }
  });
  recorder.end();
  context.cancelled.throwIfAborted();
  if (ending === undefined) {
    const remedy = "check the host, then run again; the command may have done a part of its work";
    throw new OperatorError({ what: "the connection was lost while the command ran", where, remedy });
  }
  if (ending !== "code 0") {
    throw commandFailed(where, ending, recorder);
  }
  return recorder.printed();
}

interface Execution {
  readonly env: Record<string, string>;
  readonly input: string;
  readonly recorder: OutputRecorder;
}

/** @returns how the command ended, such as `code 0`; undefined when the connection was lost first */
function execute(client: Client, command: string, { env, input, recorder }: Execution): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    client.once("close", () => resolve(undefined));
    client.exec(command, { env }, (error, channel) => {
      if (error !== undefined) {
        reject(error);
        return;
      }
      // Add the listeners without waiting: the first packet can contain the whole output of a short command.
      let ending: string | undefined;
      channel.on("data", (chunk: Uint8Array) => recorder.add("stdout", chunk));
      channel.stderr.on("data", (chunk: Uint8Array) => recorder.add("stderr", chunk));
      channel.on("exit", (code: number | null, signal?: string) => {
        ending = code === null ? `signal ${signal ?? "?"}` : `code ${code}`;
      });
      channel.on("close", () => resolve(ending));
      // A command that does not read its input can end before all input is sent.
      channel.on("error", () => undefined);
      channel.end(input);
    });
  });
}
