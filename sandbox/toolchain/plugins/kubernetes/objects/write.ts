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
import { disown, putBack } from "./put-back.ts";
import { explained, fieldConflicts } from "./refusal.ts";

/** One apply of an object. */
export interface Write {
  readonly object: ObjectName;
  readonly resource: ResourcePath;
  readonly inputs: JsonObject;
  readonly fieldManager: string;
  /** Inputs of the last apply: their fields are ours, so a change by hand is taken back. */
  readonly owned: JsonObject | undefined;
}

const RETRY_MS = 1000;
/** What the object needs may be made by another resource of the same run. */
const PREREQUISITE_SECONDS = 30;
/** A webhook's pods may just be starting. */
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

  /** Applies, repeating what passes by itself. @throws OperatorError in the operator's words */
  async apply(write: Write): Promise<JsonObject> {
    const start = performance.now();
    let told = "";
    for (;;) {
      try {
        return await this.#settled(write, await this.#once(write));
      } catch (error) {
        const patience = patienceWith(error);
        const waited = (performance.now() - start) / 1000;
        if (patience === undefined || waited > patience.seconds || this.#context.cancelled.aborted) {
          throw this.#context.cancelled.aborted && error instanceof ApiError
            ? new CancelledError(`applying ${nameText(write.object)}`)
            : explained(error, write.object, "apply");
        }
        if (told !== patience.because) {
          told = patience.because;
          await this.#context.log("info", `waiting up to ${patience.seconds} s: ${patience.because}`);
        }
        await pause(RETRY_MS, undefined, { signal: this.#context.cancelled }).catch(() => undefined);
      }
    }
  }

  /** Applies; where a list of ours was changed by hand so that it cannot be merged, puts it back first. */
  async #once(write: Write): Promise<Applied> {
    try {
      return await this.#forcedAtNeed(write);
    } catch (error) {
      const { object, resource, inputs, fieldManager, owned } = write;
      const lists = owned === undefined ? [] : collidingLists(error, bodyOf(inputs));
      if (lists.length === 0) {
        throw error;
      }
      await this.#context.log("info", `${nameText(object)}: a list was changed by hand; putting it back as a whole`);
      const options = { fieldManager, dryRun: false, signal: this.#context.cancelled };
      if ((await putBack(this.#api, object, resource, bodyOf(inputs), lists, options)) === undefined) {
        throw error;
      }
      return this.#forcedAtNeed(write);
    }
  }

  /** Applies without force first: a field of somebody else is taken over only when it was ours, or on demand. */
  async #forcedAtNeed(write: Write): Promise<Applied> {
    const { object, resource, inputs, fieldManager, owned } = write;
    const body = bodyOf(inputs);
    const options = { fieldManager, dryRun: false, signal: this.#context.cancelled };
    const force = this.#settings.enablePatchForce || isSet(inputs, PATCH_FORCE);
    try {
      return await this.#api.apply(object, resource, body, { ...options, force });
    } catch (error) {
      const conflicts = fieldConflicts(error);
      if (conflicts.length === 0 || owned === undefined || !conflicts.every(({ field }) => mentions(owned, field))) {
        throw error;
      }
      return this.#api.apply(object, resource, body, { ...options, force: true });
    }
  }

  async #settled({ object, resource, fieldManager }: Write, applied: Applied): Promise<JsonObject> {
    if (!this.#settings.suppressDeprecationWarnings) {
      for (const warning of applied.warnings) {
        await this.#context.log("warning", warning);
      }
    }
    return disown(this.#api, object, resource, applied.object, fieldManager);
  }
}

/** How long to go on trying after a refusal that may pass, and what it waits for. */
function patienceWith(error: unknown): { seconds: number; because: string } | undefined {
  if (!(error instanceof ApiError)) {
    return undefined;
  }
  if (error.code === 404 && /^namespaces .* not found/.test(error.message)) {
    return { seconds: PREREQUISITE_SECONDS, because: error.message };
  }
  if (error.code === 403 && /error looking up service account/.test(error.message)) {
    return { seconds: PREREQUISITE_SECONDS, because: error.message };
  }
  if (error.code === 500 && error.message.includes("failed calling webhook")) {
    return { seconds: WEBHOOK_SECONDS, because: error.message };
  }
  return undefined;
}

/** Whether a dry run's refusal only says that the cluster is not complete yet, as in a first preview. */
export function isPremature(error: unknown): boolean {
  return (
    error instanceof ApiError && (patienceWith(error) !== undefined || /does not support dry run/.test(error.message))
  );
}

/** Whether inputs hold the field of a conflict such as `.spec.template.spec.containers[name="web"].image`. */
export function mentions(inputs: JsonObject, field: string): boolean {
  return reaches(bodyOf(inputs), parsePath(field));
}

function reaches(value: Json | undefined, path: readonly (string | number)[]): boolean {
  const [head, ...rest] = path;
  if (head === undefined) {
    return value !== undefined;
  }
  if (isList(value)) {
    return value.some((item) => reaches(item, rest));
  }
  return isObject(value) && reaches(value[String(head)], rest);
}

/** Whether the object was applied by this very resource, in this run or in one that was killed. */
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
      "Take it over with `pulumi import`, delete it, choose another name, or set the provider's upsertExistingObjects to adopt existing objects.",
  });
}
