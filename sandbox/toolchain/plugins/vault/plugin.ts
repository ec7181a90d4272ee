import {
  InitializationError,
  type CheckResult,
  type DiffResult,
  type ResourceContext,
  type ResourcePlugin,
} from "../server/plugin.ts";
import { unknownType } from "../server/refusals.ts";
import { containsUnknown, unknown, type Properties, type PropertyValue } from "../server/values.ts";
import { checked } from "./schema/check.ts";
import { difference } from "./schema/diff.ts";
import { filledIfKnown, textOf } from "./schema/path.ts";
import type { Call, Row } from "./schema/row.ts";
import { importedInputs, outputsOf, refreshedInputs } from "./schema/state.ts";
import { vaultSession } from "./server/session.ts";
import { vaultSettings } from "./server/settings.ts";
import type { Vault } from "./server/vault.ts";
import { rows, secretsOf } from "./table/index.ts";

/** Vault's warning about fields that it does not know. */
const ignoredFields = /ignored these unrecognized parameters/;

/**
 * Resources of HashiCorp Vault and OpenBao with the tokens, properties and behaviour of `@pulumi/vault` 7.8.0, which is
 * the Terraform provider 5.x. It names and refuses what it does not support.
 */
export class VaultPlugin implements ResourcePlugin {
  readonly name = "vault";
  readonly version = "7.8.0";
  #session: Promise<Vault> | undefined;
  #settings: Properties = {};

  /** Sends no request, because in a first preview the server may not exist yet. */
  configure(settings: Properties): void {
    this.#settings = settings;
    this.#session = undefined;
    if (!containsUnknown(settings)) {
      vaultSettings(settings);
    }
  }

  check(context: ResourceContext, olds: Properties, news: Properties, randomSeed: Uint8Array): CheckResult {
    return checked(this.#rowOf(context.type), context.name, olds, news, randomSeed);
  }

  diff(
    context: ResourceContext,
    _id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
    ignoreChanges: readonly string[],
  ): DiffResult {
    const versions = { wanted: news, wantedBefore: oldInputs, found: oldOutputs };
    return difference(this.#rowOf(context.type), versions, ignoreChanges);
  }

  async create(context: ResourceContext, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const row = this.#rowOf(context.type);
    if (context.preview) {
      return { id: filledIfKnown(row.path, inputs) ?? "", outputs: previewed(row, inputs) };
    }
    const call = await this.#call(context, row, inputs);
    const { id, outputs = {} } = await row.operations.create(call, inputs);
    return { id, outputs: await readBack(call, id, inputs, outputs) };
  }

  async read(context: ResourceContext, id: string, inputs: Properties, outputs: Properties) {
    const row = this.#rowOf(context.type);
    const call = await this.#call(context, row, inputs);
    const isImport = Object.keys(inputs).length === 0;
    const found = await row.operations.read(call, id, isImport ? {} : outputs);
    if (found === undefined) {
      return undefined;
    }
    const live = outputsOf(row, found, inputs, outputs);
    return { id, outputs: live, inputs: isImport ? importedInputs(row, live) : refreshedInputs(row, inputs, live) };
  }

  async update(context: ResourceContext, id: string, _oldInputs: Properties, oldOutputs: Properties, news: Properties) {
    const row = this.#rowOf(context.type);
    if (context.preview) {
      return { outputs: outputsOf(row, { ...unchangedByUpdate(row, oldOutputs), ...news }, news, oldOutputs) };
    }
    const call = await this.#call(context, row, news);
    await row.operations.update(call, id, news, oldOutputs);
    return { outputs: await readBack(call, id, news, oldOutputs) };
  }

  async delete(context: ResourceContext, id: string, inputs: Properties, outputs: Properties): Promise<void> {
    const row = this.#rowOf(context.type);
    await row.operations.delete(await this.#call(context, row, inputs), id, outputs);
  }

  alwaysSecret(type: string): readonly string[] {
    return secretsOf(this.#rowOf(type));
  }

  #rowOf(type: string): Row {
    const row = rows.get(type);
    if (row === undefined) {
      throw unknownType(type, this, rows.keys());
    }
    return row;
  }

  async #call(context: ResourceContext, row: Row, inputs: Properties): Promise<Call> {
    this.#session ??= this.#open(context);
    const vault = (await this.#session).for(textOf(inputs, "namespace"), (warning) => {
      void context.log(ignoredFields.test(warning) ? "warning" : "debug", `Vault warns: ${warning}`);
    });
    return { vault, row, context };
  }

  async #open(context: ResourceContext): Promise<Vault> {
    const settings = vaultSettings(this.#settings);
    if (!settings.verify) {
      await context.log("warning", "skipTlsVerify is set: the server's certificate is not checked");
    }
    return vaultSession(settings);
  }
}

/** The outputs of a preview for an object that does not exist yet. */
function previewed(row: Row, inputs: Properties): Properties {
  const computed = Object.entries(row.properties).filter(
    ([, { output, computed }]) => output === true || computed === true,
  );
  const outputs: Record<string, PropertyValue> = Object.fromEntries(computed.map(([name]) => [name, unknown]));
  return { ...outputs, ...inputs };
}

/** The outputs that only the server sets, and the values that it chose because the program sets none. */
function unchangedByUpdate(row: Row, outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name]) => {
      const property = row.properties[name];
      return property?.computed === true || property?.output === true;
    }),
  );
}

/**
 * Reads the outputs of an object that was just written.
 *
 * @param known - outputs that the server does not return again
 * @throws InitializationError when the object cannot be read, so that the engine still records it
 */
async function readBack(call: Call, id: string, wanted: Properties, known: Properties): Promise<Properties> {
  const { row, context } = call;
  try {
    const found = await row.operations.read(call, id, { ...known, ...wanted });
    if (found === undefined) {
      throw new Error(`Vault accepted ${context.name} (${id}), but it does not exist`);
    }
    return outputsOf(row, found, wanted, known);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const resource = { id, inputs: wanted, outputs: { ...known, ...wanted }, reasons: [reason] };
    const message = `${context.name} was written but cannot be read: ${reason}`;
    throw new InitializationError(message, resource, { cause: error });
  }
}
