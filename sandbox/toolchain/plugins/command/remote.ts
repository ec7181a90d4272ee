import type { Client } from "ssh2";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { ResourceContext } from "../server/plugin.ts";
import { withConnection } from "./connection.ts";
import { OutputRecorder, commandFailed, previousOutput, type Outcome } from "./execution.ts";
import type { RemoteInputs } from "./inputs.ts";

type RunContext = Pick<ResourceContext, "log" | "cancelled" | "name">;

/** Runs a command on a host over SSH; the user's login shell there reads it. */
export async function runRemotely(
  context: RunContext,
  command: string,
  inputs: RemoteInputs,
  previous?: Outcome,
): Promise<Outcome> {
  const recorder = new OutputRecorder(context, inputs.logging);
  const where = `remote command ${context.name} on ${inputs.connection.host}`;
  const env = { ...previousOutput(inputs.addPreviousOutputInEnv, previous), ...inputs.environment };
  const ending = await withConnection(context, inputs.connection, async (client) => {
    const stop = () => client.destroy();
    context.cancelled.addEventListener("abort", stop, { once: true });
    try {
      return await execute(client, command, { env, input: inputs.stdin ?? "", recorder });
    } finally {
      context.cancelled.removeEventListener("abort", stop);
    }
  });
  context.cancelled.throwIfAborted();
  if (ending === undefined) {
    const remedy = "check the host and run again; the command may have done a part of its work";
    throw new OperatorError({ what: "the connection was lost while the command ran", where, remedy });
  }
  if (ending !== "code 0") {
    throw commandFailed(where, ending, recorder);
  }
  return recorder.outcome();
}

interface Execution {
  readonly env: Record<string, string>;
  readonly input: string;
  readonly recorder: OutputRecorder;
}

/** How the command ended; nothing when the connection was lost before it did. */
function execute(client: Client, command: string, { env, input, recorder }: Execution): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    client.once("close", () => resolve(undefined));
    client.exec(command, { env }, (error, channel) => {
      if (error !== undefined) {
        reject(error);
        return;
      }
      // Listened to at once: a short command's end can come in the same packet as its beginning.
      let ending: string | undefined;
      channel.on("data", (chunk: Uint8Array) => recorder.add("stdout", chunk));
      channel.stderr.on("data", (chunk: Uint8Array) => recorder.add("stderr", chunk));
      channel.on("exit", (code: number | null, signal?: string) => {
        ending = code === null ? `signal ${signal ?? "?"}` : `code ${code}`;
      });
      channel.on("close", () => resolve(ending));
      // A command that does not read its input may end before all of it was sent.
      channel.on("error", () => undefined);
      channel.end(input);
    });
  });
}
