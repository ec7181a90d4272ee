import { ProtocolFailure, unhealthyFailure } from "./failures.ts";
import { InitializationError, type ResourcePlugin } from "./plugin.ts";
import type { Redactor } from "./redactor.ts";
import type { Properties } from "./values.ts";
import { encode, type Decoded, type WireProperties } from "./wire.ts";

/** The properties of a request, from which the answer's secret properties follow. */
export interface Sources {
  readonly type: string;
  /** The first entry that has a property of the same name decides. */
  readonly decoded: readonly Decoded[];
}

/** Encodes a plugin's answers about resources, and marks the secrets in them. */
export class Answers {
  readonly #plugin: ResourcePlugin;
  readonly #redactor: Redactor;

  constructor(plugin: ResourcePlugin, redactor: Redactor) {
    this.#plugin = plugin;
    this.#redactor = redactor;
  }

  /** @param properties - outputs, or checked inputs */
  properties({ type, decoded }: Sources, properties: Properties): WireProperties {
    const secretInputs = [...new Set(decoded.flatMap(({ secretNames }) => [...secretNames]))];
    const alwaysSecret = this.#plugin.alwaysSecret?.(type, secretInputs) ?? [];
    return encode(properties, { sources: decoded, alwaysSecret });
  }

  /** Runs `work`. @throws ProtocolFailure instead of an `InitializationError` */
  async orUnhealthy<T>(sources: Sources, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof InitializationError)) {
        throw error;
      }
      const { id, inputs, outputs, reasons } = error.resource;
      const failure = unhealthyFailure(this.#redactor.redact(error.message), {
        id,
        inputs: this.properties(sources, inputs),
        outputs: this.properties(sources, outputs),
        reasons: reasons.map((reason) => this.#redactor.redact(reason)),
      });
      throw new ProtocolFailure(failure, error);
    }
  }
}
