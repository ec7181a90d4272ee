import { randomBytes } from "node:crypto";
import { z } from "zod";
import { differences } from "../server/differences.ts";
import type { ResourceContext, ResourcePlugin } from "../server/plugin.ts";
import { refuseSettings, unknownType } from "../server/refusals.ts";
import { readFromState } from "../server/state-only.ts";
import { checkInputs } from "../server/validation.ts";
import { unknown, type Properties } from "../server/values.ts";
import { remoteCommandInputs, type RemoteInputs } from "./inputs.ts";
import { runRemotely } from "./remote.ts";

const remoteCommand = "command:remote:Command";
const previewOutputs = { stdout: unknown, stderr: unknown };

type Operation = "create" | "update" | "delete";

/** The command of an operation; undefined when there is none. An update without `update` runs `create` again. */
function commandFor(operation: Operation, inputs: RemoteInputs): string | undefined {
  return operation === "update" ? (inputs.update ?? inputs.create) : inputs[operation];
}

const printed = z.object({ stdout: z.string().default(""), stderr: z.string().default("") });

/** @returns the output of the command, or the previous output when this operation has no command */
async function run(context: ResourceContext, operation: Operation, properties: Properties, previous: Properties) {
  const inputs = remoteCommandInputs.parse(properties);
  const command = commandFor(operation, inputs);
  const previousOutput = printed.parse(previous);
  return { ...(command === undefined ? previousOutput : await runRemotely(context, command, inputs, previousOutput)) };
}

/** remote.Command of @pulumi/command 1.2.1. */
export class CommandPlugin implements ResourcePlugin {
  readonly name = "command";
  readonly version = "1.2.1";
  /** The SDK makes all of `connection` a secret, but a message must be able to name the host. */
  readonly publicPaths = ["connection", "connection.proxy"].flatMap((path) =>
    ["host", "user", "hostKey", "agentSocketPath"].map((name) => `${path}.${name}`),
  );

  configure(settings: Properties): void {
    refuseSettings(settings, this);
  }

  check({ type }: ResourceContext, _olds: Properties, news: Properties) {
    this.#refuseOther(type);
    return { inputs: news, failures: checkInputs(remoteCommandInputs, news) };
  }

  diff({ type }: ResourceContext, _id: string, oldInputs: Properties, _oldOutputs: Properties, news: Properties) {
    this.#refuseOther(type);
    return differences(oldInputs, news, ["triggers"]);
  }

  async create(context: ResourceContext, inputs: Properties) {
    this.#refuseOther(context.type);
    if (context.preview) {
      return { id: "", outputs: { ...inputs, ...previewOutputs } };
    }
    const outputs = await run(context, "create", inputs, {});
    return { id: context.name + randomBytes(4).toString("hex"), outputs: { ...inputs, ...outputs } };
  }

  /** The effect of a command on the host cannot be read, so this returns the state. */
  read({ type }: ResourceContext, id: string, inputs: Properties, outputs: Properties) {
    return readFromState(type, id, inputs, outputs);
  }

  async update(
    context: ResourceContext,
    _id: string,
    _oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
  ): Promise<{ outputs: Properties }> {
    this.#refuseOther(context.type);
    const outputs = context.preview ? previewOutputs : await run(context, "update", news, oldOutputs);
    return { outputs: { ...news, ...outputs } };
  }

  async delete(context: ResourceContext, _id: string, inputs: Properties, outputs: Properties): Promise<void> {
    this.#refuseOther(context.type);
    await run(context, "delete", inputs, outputs);
  }

  /** A command may print any secret that it receives. The SDK makes `connection` a secret too. */
  alwaysSecret(_type: string, secretInputs: readonly string[]): readonly string[] {
    return secretInputs.length > 0 ? ["stdout", "stderr", "connection"] : ["connection"];
  }

  #refuseOther(type: string): void {
    if (type !== remoteCommand) {
      throw unknownType(type, this, [remoteCommand]);
    }
  }
}
