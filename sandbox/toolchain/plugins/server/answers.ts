import { ProtocolFailure, initializationFailure } from "./failures.ts";
import { InitializationError, type Properties, type ResourcePlugin } from "./plugin.ts";
import type { Redactor } from "./redactor.ts";
import { encode, type Decoded, type WireProperties } from "./wire.ts";

/** What decides which outputs of a resource are secret. */
export interface Sources {
  readonly type: string;
  /** Properties of the request; the first that has a property of the name decides. */
  readonly decoded: readonly Decoded[];
}

/** Writes what a plugin answers about a resource, whole or partial, with its secrets marked. */
export class Answers {
  readonly #plugin: ResourcePlugin;
  readonly #redactor: Redactor;

  constructor(plugin: ResourcePlugin, redactor: Redactor) {
    this.#plugin = plugin;
    this.#redactor = redactor;
  }

  outputs({ type, decoded }: Sources, outputs: Properties): WireProperties {
    const secretInputs = [...new Set(decoded.flatMap(({ secretNames }) => [...secretNames]))];
    const alwaysSecret = this.#plugin.secretOutputs?.(type, secretInputs) ?? [];
    return encode(outputs, { sources: decoded, alwaysSecret });
  }

  /** Turns an `InitializationError` into the protocol's own form of it. */
  async keepingPartial<T>(sources: Sources, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof InitializationError)) {
        throw error;
      }
      const { id, inputs, outputs, reasons } = error.parts;
      const failure = initializationFailure(this.#redactor.redact(error.message), {
        id,
        inputs: encode(inputs, { sources: sources.decoded }),
        outputs: this.outputs(sources, outputs),
        reasons: reasons.map((reason) => this.#redactor.redact(reason)),
      });
      throw new ProtocolFailure(failure, error);
    }
  }
}
