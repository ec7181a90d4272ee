import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { differences } from "../server/differences.ts";
import type { DiffResult, ResourceContext, ResourcePlugin } from "../server/plugin.ts";
import { type Properties, containsUnknown, unknown } from "../server/values.ts";
import { unknownSetting, unknownToken } from "../server/refusals.ts";
import { checkInputs } from "../server/validation.ts";
import { randomKinds, type RandomKind } from "./kinds.ts";

/** RandomPassword, RandomString, RandomId, RandomUuid and RandomInteger of @pulumi/random 4.21.2. */
export class RandomPlugin implements ResourcePlugin {
  readonly name = "random";
  readonly version = "4.21.2";

  configure(settings: Properties): Promise<void> {
    const [name] = Object.keys(settings);
    return name === undefined ? Promise.resolve() : Promise.reject(unknownSetting(name, this));
  }

  check({ type }: ResourceContext, _olds: Properties, news: Properties) {
    const kind = this.#kind(type);
    const failures = checkInputs(kind.schema, news, kind.names);
    const reason = failures.length === 0 && !containsUnknown(news) ? kind.refuse(news) : undefined;
    return Promise.resolve({
      inputs: news,
      failures: reason === undefined ? failures : [{ property: kind.names[0] ?? "", reason }],
    });
  }

  /** Whatever changes, a random value is made anew; spelling out a default changes nothing. */
  diff({ type }: ResourceContext, _id: string, oldInputs: Properties, _oldOutputs: Properties, news: Properties) {
    const kind = this.#kind(type);
    const options = { replaceOn: kind.names };
    const result: DiffResult =
      containsUnknown(news) || containsUnknown(oldInputs)
        ? differences(oldInputs, news, options)
        : differences(kind.complete(oldInputs), kind.complete(news), options);
    return Promise.resolve(result);
  }

  create({ type, preview }: ResourceContext, inputs: Properties) {
    const kind = this.#kind(type);
    if (preview) {
      const computed = Object.fromEntries(kind.outputs.map((name) => [name, unknown]));
      const completed = containsUnknown(inputs) ? inputs : kind.complete(inputs);
      return Promise.resolve({ id: "", outputs: { ...completed, ...computed } });
    }
    const { id, outputs } = kind.make(inputs);
    return Promise.resolve({ id, outputs: { ...kind.complete(inputs), ...outputs } });
  }

  /** A random value lives in the state alone: it can neither drift nor be imported. */
  read({ type }: ResourceContext, id: string, inputs: Properties, outputs: Properties) {
    if (Object.keys(outputs).length === 0) {
      const parts = { what: `${type} cannot be imported by this plugin`, where: id, remedy: "let the program make it" };
      return Promise.reject(new OperatorError(parts));
    }
    return Promise.resolve({ id, inputs, outputs });
  }

  update({ type }: ResourceContext): Promise<never> {
    return Promise.reject(new Error(`${type} is always replaced, never updated`));
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  alwaysSecret(type: string): readonly string[] {
    return this.#kind(type).secretOutputs;
  }

  #kind(type: string): RandomKind {
    const kind = randomKinds.get(type);
    if (kind === undefined) {
      throw unknownToken(type, this);
    }
    return kind;
  }
}
