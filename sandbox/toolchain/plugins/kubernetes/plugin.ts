import type { CheckFailure, DiffResult, ResourceContext, ResourcePlugin } from "../server/plugin.ts";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { diffConfig } from "./provider/settings-diff.ts";
import * as release from "./helm/release.ts";
import type { JsonObject } from "./manifest/json.ts";
import { checkObject } from "./objects/check.ts";
import { diffObject } from "./objects/diff.ts";
import { createObject, updateObject } from "./objects/lifecycle.ts";
import { readObject } from "./objects/read.ts";
import { deleteObject } from "./objects/remove.ts";
import { readSettings } from "./provider/settings.ts";
import { Target } from "./provider/target.ts";
import { RELEASE_TOKEN } from "./manifest/tokens.ts";

const ALWAYS_SECRET: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:core/v1:Secret": ["data", "stringData"],
};

/** The resource plugin `kubernetes`: objects of any kind by server-side apply, and Helm releases. */
export class KubernetesPlugin implements ResourcePlugin {
  readonly name = "kubernetes";
  readonly version = "4.32.0";
  #target: Target | undefined;

  configure(settings: JsonObject): Promise<void> {
    this.#target = new Target(readSettings(settings));
    return Promise.resolve();
  }

  diffConfig(olds: JsonObject, news: JsonObject): Promise<DiffResult> {
    return diffConfig(olds, news);
  }

  check(
    context: ResourceContext,
    olds: JsonObject,
    news: JsonObject,
    randomSeed: Uint8Array,
  ): Promise<{ inputs: JsonObject; failures: readonly CheckFailure[] }> {
    return isRelease(context)
      ? release.check(context, olds, news, randomSeed, this.#configured())
      : checkObject(context, olds, news, randomSeed, this.#configured());
  }

  diff(
    context: ResourceContext,
    id: string,
    oldInputs: JsonObject,
    oldOutputs: JsonObject,
    news: JsonObject,
  ): Promise<DiffResult> {
    return isRelease(context)
      ? Promise.resolve(release.diff(oldInputs, oldOutputs, news))
      : diffObject(context, id, oldInputs, oldOutputs, news, this.#configured());
  }

  create(context: ResourceContext, inputs: JsonObject): Promise<{ id: string; outputs: JsonObject }> {
    return isRelease(context)
      ? release.create(context, inputs, this.#configured())
      : createObject(context, inputs, this.#configured());
  }

  read(
    context: ResourceContext,
    id: string,
    inputs: JsonObject,
    outputs: JsonObject,
  ): Promise<{ id: string; inputs: JsonObject; outputs: JsonObject } | undefined> {
    return isRelease(context)
      ? release.read(context, id, inputs, outputs, this.#configured())
      : readObject(context, id, inputs, outputs, this.#configured());
  }

  update(
    context: ResourceContext,
    id: string,
    oldInputs: JsonObject,
    oldOutputs: JsonObject,
    news: JsonObject,
  ): Promise<{ outputs: JsonObject }> {
    return isRelease(context)
      ? release.update(context, id, news, this.#configured())
      : updateObject(context, oldInputs, oldOutputs, news, this.#configured());
  }

  delete(context: ResourceContext, id: string, inputs: JsonObject, outputs: JsonObject): Promise<void> {
    return isRelease(context)
      ? release.remove(context, id, inputs, this.#configured())
      : deleteObject(context, id, inputs, outputs, this.#configured());
  }

  invoke(token: string): Promise<JsonObject> {
    return Promise.reject(
      new OperatorError({
        what: `The function "${token}" is not implemented by this kubernetes plugin.`,
        where: token,
        remedy: "Write the objects as typed resources, or use helm.v3.Release.",
      }),
    );
  }

  alwaysSecret(type: string): readonly string[] {
    return Object.hasOwn(ALWAYS_SECRET, type) ? (ALWAYS_SECRET[type] ?? []) : [];
  }

  #configured(): Target {
    if (this.#target === undefined) {
      throw new Error("the engine asked for a resource before it configured the plugin");
    }
    return this.#target;
  }
}

function isRelease(context: ResourceContext): boolean {
  return context.type === RELEASE_TOKEN;
}
