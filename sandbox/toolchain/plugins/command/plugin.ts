import { randomBytes } from "node:crypto";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { differences } from "../server/differences.ts";
import type { ResourceContext, ResourcePlugin } from "../server/plugin.ts";
import { type Properties, Asset } from "../server/values.ts";
import { unknownSetting, unknownToken } from "../server/refusals.ts";
import { checkInputs } from "../server/validation.ts";
import { localRunInputs } from "./inputs.ts";
import { commandKinds, type CommandKind } from "./kinds.ts";
import { runLocally } from "./local.ts";

/** local.Command, local.run, remote.Command and remote.CopyToRemote of @pulumi/command 1.2.1. */
export class CommandPlugin implements ResourcePlugin {
  readonly name = "command";
  readonly version = "1.2.1";
  readonly acceptsAssets = true;
  /** The SDK makes all of `connection` a secret; a message must still be able to name the host. */
  readonly publicPaths = ["connection", "connection.proxy"].flatMap((path) =>
    ["host", "user", "hostKey", "agentSocketPath"].map((name) => `${path}.${name}`),
  );

  configure(settings: Properties): Promise<void> {
    const [name] = Object.keys(settings);
    return name === undefined ? Promise.resolve() : Promise.reject(unknownSetting(name, this));
  }

  check({ type }: ResourceContext, _olds: Properties, news: Properties) {
    const { schema, names } = this.#kind(type);
    const failures = checkInputs(schema, news, names);
    const source = news.source instanceof Asset ? news.source : undefined;
    if (source?.content.uri !== undefined) {
      failures.push({ property: "source", reason: "source must be a path or a text, not an address" });
    }
    return Promise.resolve({ inputs: news, failures });
  }

  diff(_context: ResourceContext, _id: string, oldInputs: Properties, _oldOutputs: Properties, news: Properties) {
    return Promise.resolve(differences(oldInputs, news, { replaceOn: ["triggers"] }));
  }

  async create(context: ResourceContext, inputs: Properties) {
    const kind = this.#kind(context.type);
    if (context.preview) {
      return { id: "", outputs: { ...inputs, ...kind.previewOutputs } };
    }
    const outputs = await kind.act(context, "create", inputs, {});
    return { id: context.name + randomBytes(4).toString("hex"), outputs: { ...inputs, ...outputs } };
  }

  /** There is nothing to look at: a command's effects are its own. */
  read({ type }: ResourceContext, id: string, inputs: Properties, outputs: Properties) {
    if (Object.keys(outputs).length === 0) {
      const parts = { what: `${type} cannot be imported`, where: id, remedy: "let the program make it" };
      return Promise.reject(new OperatorError(parts));
    }
    return Promise.resolve({ id, inputs, outputs });
  }

  async update(
    context: ResourceContext,
    _id: string,
    _oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
  ): Promise<{ outputs: Properties }> {
    const kind = this.#kind(context.type);
    const outputs = context.preview ? kind.previewOutputs : await kind.act(context, "update", news, oldOutputs);
    return { outputs: { ...news, ...outputs } };
  }

  async delete(context: ResourceContext, _id: string, inputs: Properties, outputs: Properties): Promise<void> {
    await this.#kind(context.type).act(context, "delete", inputs, outputs);
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    if (token !== "command:local:run") {
      throw unknownToken(token, this);
    }
    const [failure] = checkInputs(localRunInputs, args, Object.keys(localRunInputs.shape));
    if (failure !== undefined) {
      throw new OperatorError({ what: failure.reason, where: token, remedy: "mend the argument" });
    }
    const inputs = localRunInputs.parse(args);
    const context = { name: token, log: () => Promise.resolve(), cancelled: new AbortController().signal };
    return { ...args, ...(await runLocally(context, inputs.command, inputs)) };
  }

  /** What a command prints may hold whatever secret it was given; the connection's SDK type is secret as well. */
  alwaysSecret(_type: string, secretInputs: readonly string[]): readonly string[] {
    return secretInputs.length > 0 ? ["stdout", "stderr", "connection"] : ["connection"];
  }

  #kind(type: string): CommandKind {
    const kind = commandKinds.get(type);
    if (kind !== undefined) {
      return kind;
    }
    if (type === "command:remote:CopyFile") {
      const parts = { what: "command:remote:CopyFile is deprecated", where: type, remedy: "use CopyToRemote" };
      throw new OperatorError(parts);
    }
    throw unknownToken(type, this);
  }
}
