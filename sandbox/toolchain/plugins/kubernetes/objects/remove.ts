import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import { until } from "../../../../builds/until.ts";
import type { ResourceContext } from "../../server/plugin.ts";
import { deletionPolicy, isSet, SKIP_AWAIT, timeoutSeconds } from "../manifest/annotations.ts";
import type { KubernetesApi } from "../api/client.ts";
import { CancelledError, nameText, UnreachableError, type ObjectName } from "../api/errors.ts";
import { at, listAt, textAt, type JsonObject } from "../manifest/json.ts";
import type { Target } from "../provider/target.ts";
import { addressOfId } from "./address.ts";
import { explained } from "./refusal.ts";

const TEN_MINUTES = 600;
const REPORT_AFTER_MS = 5000;

/** Deletes the object and waits until it is gone. Succeeds when it does not exist. */
export async function deleteObject(
  context: ResourceContext,
  id: string,
  inputs: JsonObject,
  outputs: JsonObject,
  target: Target,
): Promise<void> {
  const { api } = await target.cluster();
  const object = addressOfId(context.type, id, inputs);
  try {
    if (!(await api.remove(object, deletionPolicy(inputs))) || isSet(inputs, SKIP_AWAIT)) {
      return;
    }
    await waitUntilGone(context, api, object, outputs, inputs);
  } catch (error) {
    if (error instanceof UnreachableError && target.settings.deleteUnreachable) {
      await context.log("warning", `${nameText(object)} is removed from the state only: ${error.parts.what}`);
      return;
    }
    throw explained(error, object, "delete");
  }
}

/** Waits until the object is gone. @throws OperatorError that explains why it still exists after the time limit */
export async function waitUntilGone(
  context: ResourceContext,
  api: KubernetesApi,
  object: ObjectName,
  deleted: JsonObject,
  inputs: JsonObject,
): Promise<void> {
  const seconds = timeoutSeconds(context, inputs, TEN_MINUTES);
  const start = performance.now();
  let reported = false;
  let latest = deleted;
  const isGone = async (): Promise<boolean> => {
    const live = await api.get(object);
    if (live === undefined || isRecreated(live, deleted)) {
      return true;
    }
    latest = live;
    if (!reported && performance.now() - start > REPORT_AFTER_MS) {
      reported = true;
      await context.log("info", `waiting until it is gone: ${deletionBlocker(live)}`);
    }
    return false;
  };
  const gone = await until(isGone, { seconds, pause: 100, longestPause: 2000, signal: context.cancelled });
  if (gone === undefined) {
    throw context.cancelled.aborted
      ? new CancelledError(`waiting until ${nameText(object)} is gone`)
      : stillExists(object, latest, seconds);
  }
}

/** Whether this is a new object with the same name. A controller can create it immediately. */
function isRecreated(live: JsonObject, deleted: JsonObject): boolean {
  const uid = textAt(deleted, "metadata", "uid");
  return uid !== undefined && textAt(live, "metadata", "uid") !== uid;
}

function stillExists(object: ObjectName, live: JsonObject, seconds: number): OperatorError {
  return new OperatorError({
    what: `${nameText(object)} still exists ${seconds} s after its deletion: ${deletionBlocker(live)}.`,
    where: nameText(object),
    remedy: "Remove the cause, then run again. To allow more time, set customTimeouts.delete.",
  });
}

function deletionBlocker(live: JsonObject): string {
  const contents = listAt(live, "status", "conditions")
    .filter((each) => at(each, "status") === "True")
    .flatMap((each) => textAt(each, "message") ?? []);
  if (live.kind === "Namespace" && contents.length > 0) {
    return contents.join(" ");
  }
  const finalizers = listAt(live, "metadata", "finalizers");
  return finalizers.length === 0
    ? "it is being stopped"
    : `its finalizers ${finalizers.map(String).join(", ")} are not removed`;
}
