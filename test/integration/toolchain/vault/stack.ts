import { deepStrictEqual } from "node:assert/strict";
import type { DiffResult, ResourceContext } from "../../../../sandbox/toolchain/plugins/server/plugin.ts";
import type { Properties } from "../../../../sandbox/toolchain/plugins/server/values.ts";
import type { VaultPlugin } from "../../../../sandbox/toolchain/plugins/vault/plugin.ts";

export interface State {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The effect of a run on the resource. */
export type Step = "created" | "same" | "updated" | "replaced";

/** A stack with one resource. It calls the plugin in the engine's order: check, diff, then create, update or replace. */
export class SingleResourceStack {
  readonly messages: string[] = [];
  state: State | undefined;
  readonly #plugin: VaultPlugin;
  readonly #type: string;

  constructor(plugin: VaultPlugin, type: string) {
    this.#plugin = plugin;
    this.#type = type;
  }

  get context(): ResourceContext {
    return {
      urn: `urn:pulumi:test::test::${this.#type}::it`,
      type: this.#type,
      name: "it",
      preview: false,
      timeoutSeconds: 0,
      cancelled: new AbortController().signal,
      log: (severity, message) => {
        this.messages.push(`${severity}: ${message}`);
        return Promise.resolve();
      },
    };
  }

  async up(program: Properties): Promise<Step> {
    const olds = this.state?.inputs ?? {};
    const { inputs, failures } = this.#plugin.check(this.context, olds, program, new Uint8Array([1, 2, 3, 4]));
    deepStrictEqual(failures, []);
    if (this.state === undefined) {
      this.state = { inputs, ...(await this.#plugin.create(this.context, inputs)) };
      return "created";
    }
    const difference = this.diff(inputs);
    if (!difference.changes) {
      return "same";
    }
    return difference.replaces.length > 0 ? this.#replace(inputs, difference) : this.#update(inputs);
  }

  diff(inputs: Properties): DiffResult {
    const { id, inputs: olds, outputs } = this.existing;
    return this.#plugin.diff(this.context, id, olds, outputs, inputs, []);
  }

  get existing(): State {
    if (this.state === undefined) {
      throw new Error(`${this.#type} is not in the state`);
    }
    return this.state;
  }

  async #update(inputs: Properties): Promise<Step> {
    const { id, inputs: olds, outputs } = this.existing;
    const updated = await this.#plugin.update(this.context, id, olds, outputs, inputs);
    this.state = { id, inputs, outputs: updated.outputs };
    return "updated";
  }

  async #replace(inputs: Properties, difference: DiffResult): Promise<Step> {
    const old = this.existing;
    if (difference.deleteBeforeReplace === true) {
      await this.#plugin.delete(this.context, old.id, old.inputs, old.outputs);
      this.state = { inputs, ...(await this.#plugin.create(this.context, inputs)) };
    } else {
      this.state = { inputs, ...(await this.#plugin.create(this.context, inputs)) };
      await this.#plugin.delete(this.context, old.id, old.inputs, old.outputs);
    }
    return "replaced";
  }

  /** Reads the resource into the state. @returns how the resource differs from the previous state */
  async refresh(): Promise<"same" | "different" | "missing"> {
    const { id, inputs, outputs } = this.existing;
    const read = await this.#plugin.read(this.context, id, inputs, outputs);
    this.state = read;
    if (read === undefined) {
      return "missing";
    }
    try {
      deepStrictEqual(read.outputs, outputs);
      return "same";
    } catch {
      return "different";
    }
  }

  async destroy(): Promise<void> {
    const { id, inputs, outputs } = this.existing;
    await this.#plugin.delete(this.context, id, inputs, outputs);
    this.state = undefined;
  }
}
