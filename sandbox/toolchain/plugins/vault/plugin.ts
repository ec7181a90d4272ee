import { OperatorError } from "../../../../components/errors/operator-error.ts";
import {
  InitializationError,
  type CheckFailure,
  type DiffResult,
  type ResourceContext,
  type ResourcePlugin,
} from "../server/plugin.ts";
import { containsUnknown, unknown, type Properties, type PropertyValue } from "../server/values.ts";
import { checked } from "./schema/check.ts";
import { difference } from "./schema/diff.ts";
import { filledIfKnown, textOf } from "./schema/path.ts";
import { vaultSession } from "./server/session.ts";
import type { Vault } from "./server/vault.ts";
import { vaultSettings } from "./server/settings.ts";
import { importedInputs, outputsOf, refreshedInputs } from "./schema/state.ts";
import { rowOf, rows, secretsOf } from "./table/index.ts";
import type { Call, Row } from "./schema/row.ts";

/** Vault's own words when it was asked for fields that it does not have. */
const ignoredFields = /ignored these unrecognized parameters/;

/**
 * Resources of HashiCorp Vault and OpenBao with the tokens, properties and behaviour of `@pulumi/vault` 7.8.0, which is
 * the Terraform provider 5.x. What this plugin does not have, it refuses by name.
 */
export class VaultPlugin implements ResourcePlugin {
  readonly name = "vault";
  readonly version = "7.8.0";
  #session: Promise<Vault> | undefined;
  #settings: Properties = {};

  /** Nothing is sent yet: in a first preview the server may still have to be made. */
  configure(settings: Properties): Promise<void> {
    this.#settings = settings;
    this.#session = undefined;
    if (!containsUnknown(settings)) {
      vaultSettings(settings);
    }
    return Promise.resolve();
  }

  check(context: ResourceContext, olds: Properties, news: Properties, randomSeed: Uint8Array) {
    const row = rowOf(context.type);
    const failures: CheckFailure[] = [{ property: "", reason: unknownType(context.type) }];
    return Promise.resolve(
      row === undefined ? { inputs: news, failures } : checked(row, context.name, olds, news, randomSeed),
    );
  }

  diff(
    context: ResourceContext,
    _id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
    ignoreChanges: readonly string[],
  ): Promise<DiffResult> {
    const sides = { wanted: news, wantedBefore: oldInputs, found: oldOutputs };
    return Promise.resolve(difference(known(context.type), sides, ignoreChanges));
  }

  async create(context: ResourceContext, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const row = known(context.type);
    if (context.preview) {
      return { id: filledIfKnown(row.path, inputs) ?? "", outputs: previewed(row, inputs) };
    }
    const call = await this.#call(context, row, inputs);
    const { id, told = {} } = await row.operations.create(call, inputs);
    return { id, outputs: await readBack(call, id, inputs, told) };
  }

  async read(context: ResourceContext, id: string, inputs: Properties, outputs: Properties) {
    const row = known(context.type);
    const call = await this.#call(context, row, inputs);
    const isImport = Object.keys(inputs).length === 0;
    const found = await row.operations.read(call, id, isImport ? {} : outputs);
    if (found === undefined) {
      return undefined;
    }
    const now = outputsOf(row, found, inputs, outputs);
    return { id, outputs: now, inputs: isImport ? importedInputs(row, now) : refreshedInputs(row, inputs, now) };
  }

  async update(context: ResourceContext, id: string, _oldInputs: Properties, oldOutputs: Properties, news: Properties) {
    const row = known(context.type);
    if (context.preview) {
      return { outputs: outputsOf(row, { ...serversOwn(row, oldOutputs), ...news }, news, oldOutputs) };
    }
    const call = await this.#call(context, row, news);
    await row.operations.update(call, id, news, oldOutputs);
    return { outputs: await readBack(call, id, news, oldOutputs) };
  }

  async delete(context: ResourceContext, id: string, inputs: Properties, outputs: Properties): Promise<void> {
    const row = known(context.type);
    await row.operations.delete(await this.#call(context, row, inputs), id, outputs);
  }

  alwaysSecret(type: string): readonly string[] {
    const row = rowOf(type);
    return row === undefined ? [] : secretsOf(row);
  }

  async #call(context: ResourceContext, row: Row, inputs: Properties): Promise<Call> {
    this.#session ??= this.#open(context);
    const vault = (await this.#session).for(textOf(inputs, "namespace"), (warning) => {
      void context.log(ignoredFields.test(warning) ? "warning" : "debug", `Vault says: ${warning}`);
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

function unknownType(type: string): string {
  return `the sandbox's vault plugin has no resource ${type}; it has ${rows.map((row) => row.type).join(", ")}`;
}

function known(type: string): Row {
  const row = rowOf(type);
  if (row === undefined) {
    throw new OperatorError({
      what: unknownType(type),
      where: type,
      remedy: "use one of these, or the vendor's plugin",
    });
  }
  return row;
}

/** What a preview can say of an object that is still to be made. */
function previewed(row: Row, inputs: Properties): Properties {
  const open = Object.entries(row.properties).filter(
    ([, { output, computed }]) => output === true || computed === true,
  );
  const outputs: Record<string, PropertyValue> = Object.fromEntries(open.map(([name]) => [name, unknown]));
  return { ...outputs, ...inputs };
}

/** What an update does not change: outputs of the server, and what it chose where the program says nothing. */
function serversOwn(row: Row, outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name]) => {
      const property = row.properties[name];
      return property?.computed === true || property?.output === true;
    }),
  );
}

/** The outputs of an object that was just written; the engine must learn of it even when it cannot be read. */
async function readBack(call: Call, id: string, wanted: Properties, told: Properties): Promise<Properties> {
  const { row, context } = call;
  try {
    const found = await row.operations.read(call, id, { ...told, ...wanted });
    if (found === undefined) {
      throw new Error(`Vault took ${context.name} (${id}), but does not have it`);
    }
    return outputsOf(row, found, wanted, told);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const made = { id, inputs: wanted, outputs: { ...told, ...wanted }, reasons: [reason] };
    throw new InitializationError(`${context.name} was written but cannot be read: ${reason}`, made, { cause: error });
  }
}
