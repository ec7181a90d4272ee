import { setTimeout as pause } from "node:timers/promises";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import type { ResourceContext } from "../../server/plugin.ts";
import { isSet, PATCH_FORCE } from "../manifest/annotations.ts";
import type { Applied, KubernetesApi } from "../api/client.ts";
import type { ResourcePath } from "../api/discovery.ts";
import { ApiError, CancelledError, nameText, type ObjectName } from "../api/errors.ts";
import { isList, isObject, listAt, textAt, type Json, type JsonObject } from "../manifest/json.ts";
import { parsePath } from "../../server/paths.ts";
import type { Settings } from "../provider/settings.ts";
import { bodyOf } from "./body.ts";
import { collidingLists } from "./lists.ts";
import { removePatchOwner, restoreLists } from "./restore-lists.ts";
import { explained, fieldConflicts } from "./refusal.ts";

/** One apply of an object. */
export interface Write {
  readonly object: ObjectName;
  readonly resource: ResourcePath;
  readonly inputs: JsonObject;
  readonly fieldManager: string;
  /** Inputs of the last apply. Changes of their fields by hand are reverted. Undefined for a new object. */
  readonly owned: JsonObject | undefined;
}

const RETRY_MS = 1000;
/** Time for another resource of the same run to create what the object needs. */
const PREREQUISITE_SECONDS = 30;
/** Time for the pods of a webhook to start. */
const WEBHOOK_SECONDS = 120;

export class Writer {
  readonly #api: KubernetesApi;
  readonly #settings: Settings;
  readonly #context: ResourceContext;

  constructor(api: KubernetesApi, settings: Settings, context: ResourceContext) {
    this.#api = api;
    this.#settings = settings;
    this.#context = context;
  }

  /** Applies the object and retries temporary refusals. @throws OperatorError that explains a refusal */
  async apply(write: Write): Promise<JsonObject> {
    const start = performance.now();
    let reported = "";
    for (;;) {
      try {
        return await this.#finish(write, await this.#attempt(write));
      } catch (error) {
        const retry = retryFor(error);
        const waited = (performance.now() - start) / 1000;
        if (retry === undefined || waited > retry.seconds || this.#context.cancelled.aborted) {
          throw this.#context.cancelled.aborted && error instanceof ApiError
            ? new CancelledError(`applying ${nameText(write.object)}`)
            : explained(error, write.object, "apply");
        }
        if (reported !== retry.reason) {
          reported = retry.reason;
          await this.#context.log("info", `waiting up to ${retry.seconds} s: ${retry.reason}`);
        }
        await pause(RETRY_MS, undefined, { signal: this.#context.cancelled }).catch(() => undefined);
      }
    }
  }

  /** Applies once. When a list was changed by hand and the apply cannot merge it, restores it and applies again. */
  async #attempt(write: Write): Promise<Applied> {
    try {
      return await this.#applyOrOverwrite(write);
    } catch (error) {
      const { object, resource, inputs, fieldManager, owned } = write;
      const lists = owned === undefined ? [] : collidingLists(error, bodyOf(inputs));
      if (lists.length === 0) {
        throw error;
      }
      await this.#context.log("info", `${nameText(object)}: a list was changed by hand; restoring it`);
      const options = { fieldManager, dryRun: false, signal: this.#context.cancelled };
      if ((await restoreLists(this.#api, object, resource, bodyOf(inputs), lists, options)) === undefined) {
        throw error;
      }
      return this.#applyOrOverwrite(write);
    }
  }

  /** Applies without force. Conflicts in fields of the last apply are forced. The settings can force every field. */
  async #applyOrOverwrite(write: Write): Promise<Applied> {
    const { object, resource, inputs, fieldManager, owned } = write;
    const body = bodyOf(inputs);
    const options = { fieldManager, dryRun: false, signal: this.#context.cancelled };
    const force = this.#settings.enablePatchForce || isSet(inputs, PATCH_FORCE);
    try {
      return await this.#api.apply(object, resource, body, { ...options, force });
    } catch (error) {
      const conflicts = fieldConflicts(error);
      if (
        conflicts.length === 0 ||
        owned === undefined ||
        !conflicts.every(({ field }) => includesField(owned, field))
      ) {
        throw error;
      }
      return this.#api.apply(object, resource, body, { ...options, force: true });
    }
  }

  async #finish({ object, resource, fieldManager }: Write, applied: Applied): Promise<JsonObject> {
    if (!this.#settings.suppressDeprecationWarnings) {
      for (const warning of applied.warnings) {
        await this.#context.log("warning", warning);
      }
    }
    return removePatchOwner(this.#api, object, resource, applied.object, fieldManager);
  }
}

/** How long to retry after a temporary refusal, and why; undefined for any other error. */
function retryFor(error: unknown): { seconds: number; reason: string } | undefined {
  if (!(error instanceof ApiError)) {
    return undefined;
  }
  if (error.code === 404 && /^namespaces .* not found/.test(error.message)) {
    return { seconds: PREREQUISITE_SECONDS, reason: error.message };
  }
  if (error.code === 403 && /error looking up service account/.test(error.message)) {
    return { seconds: PREREQUISITE_SECONDS, reason: error.message };
  }
  if (error.code === 500 && error.message.includes("failed calling webhook")) {
    return { seconds: WEBHOOK_SECONDS, reason: error.message };
  }
  return undefined;
}

/** Whether a dry run was refused because the cluster is not complete yet, as in a first preview. */
export function isPremature(error: unknown): boolean {
  return error instanceof ApiError && (retryFor(error) !== undefined || /does not support dry run/.test(error.message));
}

/** Whether inputs contain the field of a conflict such as `.spec.template.spec.containers[name="web"].image`. */
export function includesField(inputs: JsonObject, field: string): boolean {
  return hasPath(bodyOf(inputs), parsePath(field));
}

function hasPath(value: Json | undefined, path: readonly (string | number)[]): boolean {
  const [head, ...rest] = path;
  if (head === undefined) {
    return value !== undefined;
  }
  if (isList(value)) {
    return value.some((item) => hasPath(item, rest));
  }
  return isObject(value) && hasPath(value[String(head)], rest);
}

/** Whether this resource applied the object, in this run or in an earlier, killed run. */
export function isOurs(live: JsonObject, fieldManager: string): boolean {
  return listAt(live, "metadata", "managedFields").some(
    (entry) => textAt(entry, "manager") === fieldManager && textAt(entry, "operation") === "Apply",
  );
}

export function alreadyExists(object: ObjectName): OperatorError {
  return new OperatorError({
    what: `${nameText(object)} already exists and is not managed by this resource.`,
    where: `${nameText(object)} (${object.apiVersion})`,
    remedy:
      "Import it with `pulumi import`, delete it, choose another name, or set the provider's upsertExistingObjects to take over existing objects.",
  });
}
