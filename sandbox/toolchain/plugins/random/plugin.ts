import { differences } from "../server/differences.ts";
import type { ResourceContext, ResourcePlugin } from "../server/plugin.ts";
import { refuseSettings, unknownType } from "../server/refusals.ts";
import { readFromState } from "../server/state-only.ts";
import { checkInputs } from "../server/validation.ts";
import { containsUnknown, unknown, type Properties } from "../server/values.ts";
import { randomKinds, type RandomKind } from "./kinds.ts";

/** RandomPassword and RandomBytes of @pulumi/random 4.21.2. Each value exists only in the state. */
export class RandomPlugin implements ResourcePlugin {
  readonly name = "random";
  readonly version = "4.21.2";

  configure(settings: Properties): void {
    refuseSettings(settings, this);
  }

  check({ type }: ResourceContext, _olds: Properties, news: Properties) {
    const { schema, refusal } = this.#kind(type);
    const failures = checkInputs(schema, news);
    const reason = failures.length === 0 && !containsUnknown(news) ? refusal(news) : undefined;
    return { inputs: news, failures: reason === undefined ? failures : [{ property: "length", reason }] };
  }

  /** Any change replaces the value. An input that is set to its default is not a change. */
  diff({ type }: ResourceContext, _id: string, oldInputs: Properties, _oldOutputs: Properties, news: Properties) {
    const { schema, complete } = this.#kind(type);
    const names = Object.keys(schema.shape);
    return containsUnknown(news) || containsUnknown(oldInputs)
      ? differences(oldInputs, news, names)
      : differences(complete(oldInputs), complete(news), names);
  }

  create({ type, preview }: ResourceContext, inputs: Properties) {
    const { outputs, complete, generate } = this.#kind(type);
    if (preview) {
      const computed = Object.fromEntries(outputs.map((name) => [name, unknown]));
      return { id: "", outputs: { ...(containsUnknown(inputs) ? inputs : complete(inputs)), ...computed } };
    }
    return { id: "none", outputs: { ...complete(inputs), ...generate(inputs) } };
  }

  read({ type }: ResourceContext, id: string, inputs: Properties, outputs: Properties) {
    return readFromState(type, id, inputs, outputs);
  }

  update({ type }: ResourceContext): never {
    throw new Error(`${type} is always replaced, never updated`);
  }

  delete(): void {
    // The engine removes the value from the state.
  }

  alwaysSecret(type: string): readonly string[] {
    return this.#kind(type).outputs;
  }

  #kind(type: string): RandomKind {
    const kind = randomKinds.get(type);
    if (kind === undefined) {
      throw unknownType(type, this, randomKinds.keys());
    }
    return kind;
  }
}
