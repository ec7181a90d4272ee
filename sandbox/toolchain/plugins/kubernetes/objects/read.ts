import { InitializationError, type ResourceContext } from "../../server/plugin.ts";
import type { KubernetesApi } from "../api/client.ts";
import { ApiError, nameText, type ObjectName } from "../api/errors.ts";
import { readinessNow } from "../await/wait.ts";
import { at, objectAt, without, type JsonObject } from "../manifest/json.ts";
import type { Target } from "../provider/target.ts";
import { addressOfId, idOf } from "./address.ts";
import { bodyOf, withStringData } from "./body.ts";
import { managerOf, outputsOf } from "./outputs.ts";
import { projected } from "./projection.ts";
import { explained } from "./refusal.ts";

/**
 * Reads the live object. Its inputs differ from the last ones where a field of the program was changed by hand.
 *
 * @returns undefined when the object is gone
 */
export async function readObject(
  context: ResourceContext,
  id: string,
  inputs: JsonObject,
  outputs: JsonObject,
  target: Target,
): Promise<{ id: string; inputs: JsonObject; outputs: JsonObject } | undefined> {
  const { api } = await target.cluster();
  const object = addressOfId(context.type, id, inputs);
  try {
    const live = await api.get(object);
    if (live === undefined) {
      return undefined;
    }
    const manager = managerOf(context.urn, outputs);
    if (inputs.metadata === undefined) {
      const imported = inputsOf(live);
      return { id: idOf(object), inputs: imported, outputs: outputsOf(live, imported, manager) };
    }
    const current = isUntouched(live, outputs) ? inputs : await compared(api, object, inputs, live, manager);
    const result = { id: idOf(object), inputs: current, outputs: outputsOf(live, inputs, manager) };
    await refuseUnready(api, object, result, live);
    return result;
  } catch (error) {
    throw explained(error, object, "refresh");
  }
}

function isUntouched(live: JsonObject, outputs: JsonObject): boolean {
  const version = at(live, "metadata", "resourceVersion");
  return version !== undefined && version === at(outputs, "metadata", "resourceVersion");
}

/** The inputs, including changes by hand. Compares the live object with a dry run that applies the inputs again. */
async function compared(
  api: KubernetesApi,
  object: ObjectName,
  inputs: JsonObject,
  live: JsonObject,
  fieldManager: string,
): Promise<JsonObject> {
  const resource = await api.discovery.find(object);
  const wanted =
    resource === undefined || at(live, "metadata", "deletionTimestamp") !== undefined
      ? live
      : await api
          .apply(object, resource, bodyOf(inputs), { fieldManager, force: true, dryRun: true })
          .then((applied) => applied.object)
          .catch((error: unknown) => {
            if (error instanceof ApiError) {
              return bodyOf(inputs); // an immutable field was changed by hand, so compare with the inputs
            }
            throw error;
          });
  const settled = { ...wanted, status: at(live, "status") ?? null };
  return projected(inputs, withStringData(settled, inputs), withStringData(live, inputs));
}

/** @throws InitializationError for an object that is not ready, so that the next update waits for it */
async function refuseUnready(
  api: KubernetesApi,
  object: ObjectName,
  result: { id: string; inputs: JsonObject; outputs: JsonObject },
  live: JsonObject,
): Promise<void> {
  const reasons = await readinessNow(api, object, result.inputs, live);
  if (reasons.length > 0) {
    throw new InitializationError(`${nameText(object)} is not ready: ${reasons.join("; ")}`, { ...result, reasons });
  }
}

const SERVER_FIELDS = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"];

/** Inputs of an imported object, or of one that the program only reads (`get`). */
function inputsOf(live: JsonObject): JsonObject {
  return { ...without(live, "status"), metadata: without(objectAt(live, "metadata"), ...SERVER_FIELDS) };
}
