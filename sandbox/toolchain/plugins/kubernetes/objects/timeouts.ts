import type { ResourceContext } from "../../server/plugin.ts";
import { annotation, TIMEOUT_SECONDS } from "../annotations.ts";
import type { JsonObject } from "../json.ts";

/** Bound of a wait in seconds: `customTimeouts`, else the annotation `pulumi.com/timeoutSeconds`, else the kind's. */
export function timeoutSeconds(context: ResourceContext, inputs: JsonObject, byDefault: number): number {
  if (context.timeoutSeconds > 0) {
    return context.timeoutSeconds;
  }
  const stated = Number(annotation(inputs, TIMEOUT_SECONDS));
  return Number.isFinite(stated) && stated > 0 ? stated : byDefault;
}
