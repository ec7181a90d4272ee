import { z } from "zod";
import type { ResourceContext } from "../server/plugin.ts";
import { unknown, type Properties } from "../server/values.ts";
import { copyToRemote } from "./copy.ts";
import type { Outcome } from "./execution.ts";
import { copyInputs, localCommandInputs, remoteCommandInputs } from "./inputs.ts";
import { runLocally } from "./local.ts";
import { runRemotely } from "./remote.ts";

/** What happens to a resource. */
export type Event = "create" | "update" | "delete";

/** One resource type. */
export interface CommandKind {
  readonly schema: z.ZodType;
  /** Names of all inputs. */
  readonly names: readonly string[];
  /** Outputs besides the inputs in a preview, where nothing is run. */
  readonly previewOutputs: Properties;
  /** Does what the inputs say for the event; returns the outputs besides the inputs. */
  readonly act: (
    context: ResourceContext,
    event: Event,
    inputs: Properties,
    previous: Properties,
  ) => Promise<Properties>;
}

const outcome = z.object({ stdout: z.string().default(""), stderr: z.string().default("") });

function outcomeOf(outputs: Properties): Outcome {
  return outcome.parse(outputs);
}

interface Lifecycle {
  readonly create?: string | undefined;
  readonly update?: string | undefined;
  readonly delete?: string | undefined;
}

/** Without `update`, an update runs `create`; what is not given is not run, and the outputs stay. */
function commandFor(event: Event, inputs: Lifecycle): string | undefined {
  return event === "update" ? (inputs.update ?? inputs.create) : inputs[event];
}

function commandKind<Inputs extends Lifecycle>(
  schema: z.ZodType<Inputs> & { readonly shape: object },
  run: (context: ResourceContext, command: string, inputs: Inputs, previous: Outcome) => Promise<Outcome>,
): CommandKind {
  return {
    schema,
    names: Object.keys(schema.shape),
    previewOutputs: { stdout: unknown, stderr: unknown },
    act: async (context, event, properties, previous) => {
      const inputs = schema.parse(properties);
      const command = commandFor(event, inputs);
      const before = outcomeOf(previous);
      return { ...(command === undefined ? before : await run(context, command, inputs, before)) };
    },
  };
}

const copyKind: CommandKind = {
  schema: copyInputs,
  names: Object.keys(copyInputs.shape),
  previewOutputs: {},
  act: async (context, event, properties) => {
    // As the vendor's, it leaves the copy where it is.
    if (event !== "delete") {
      await copyToRemote(context, copyInputs.parse(properties));
    }
    return {};
  },
};

export const commandKinds: ReadonlyMap<string, CommandKind> = new Map([
  ["command:local:Command", commandKind(localCommandInputs, runLocally)],
  ["command:remote:Command", commandKind(remoteCommandInputs, runRemotely)],
  ["command:remote:CopyToRemote", copyKind],
]);
