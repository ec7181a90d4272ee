import type { CheckResult, DiffResult, ResourceContext, ResourcePlugin, ResourceState } from "../server/plugin.ts";
import { checkRelease, diffRelease } from "./helm/check.ts";
import { createRelease, deleteRelease, readRelease, updateRelease } from "./helm/release.ts";
import type { JsonObject } from "./manifest/json.ts";
import { RELEASE_TOKEN } from "./manifest/tokens.ts";
import { checkObject } from "./objects/check.ts";
import { diffObject } from "./objects/diff.ts";
import { createObject, updateObject } from "./objects/lifecycle.ts";
import { readObject } from "./objects/read.ts";
import { deleteObject } from "./objects/remove.ts";
import { diffConfig } from "./provider/settings-diff.ts";
import { readSettings } from "./provider/settings.ts";
import { Target } from "./provider/target.ts";

const ALWAYS_SECRET: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:core/v1:Secret": ["data", "stringData"],
};

/** The resource plugin `kubernetes`: objects of any kind by server-side apply, and Helm releases. */
export class KubernetesPlugin implements ResourcePlugin {
  readonly name = "kubernetes";
  readonly version = "4.32.0";
  readonly diffConfig = diffConfig;
  #target: Target | undefined;

  configure(settings: JsonObject): void {
    this.#target = new Target(readSettings(settings));
  }

  check(context: ResourceContext, olds: JsonObject, news: JsonObject, randomSeed: Uint8Array): Promise<CheckResult> {
    const check = isRelease(context) ? checkRelease : checkObject;
    return check(context, olds, news, randomSeed, this.#configured());
  }

  diff(
    context: ResourceContext,
    id: string,
    oldInputs: JsonObject,
    oldOutputs: JsonObject,
    news: JsonObject,
  ): DiffResult | Promise<DiffResult> {
    return isRelease(context)
      ? diffRelease(oldInputs, oldOutputs, news)
      : diffObject(context, id, oldInputs, oldOutputs, news, this.#configured());
  }

  create(context: ResourceContext, inputs: JsonObject): Promise<{ id: string; outputs: JsonObject }> {
    const create = isRelease(context) ? createRelease : createObject;
    return create(context, inputs, this.#configured());
  }

  read(
    context: ResourceContext,
    id: string,
    inputs: JsonObject,
    outputs: JsonObject,
  ): Promise<ResourceState | undefined> {
    return isRelease(context)
      ? readRelease(context, id, inputs, this.#configured())
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
      ? updateRelease(context, id, news, this.#configured())
      : updateObject(context, oldInputs, oldOutputs, news, this.#configured());
  }

  delete(context: ResourceContext, id: string, inputs: JsonObject, outputs: JsonObject): Promise<void> {
    return isRelease(context)
      ? deleteRelease(context, id, inputs, this.#configured())
      : deleteObject(context, id, inputs, outputs, this.#configured());
  }

  alwaysSecret(type: string): readonly string[] {
    return ALWAYS_SECRET[type] ?? [];
  }

  #configured(): Target {
    if (this.#target === undefined) {
      throw new Error("the engine sent a request for a resource before it configured the plugin");
    }
    return this.#target;
  }
}

function isRelease({ type }: ResourceContext): boolean {
  return type === RELEASE_TOKEN;
}
