import type { ResourceContext } from "../../server/plugin.ts";
import { expectations } from "./wait-for.ts";
import { AUTONAMED } from "./naming.ts";
import { objectAt, textAt, type Json, type JsonObject } from "./json.ts";

export const SKIP_AWAIT = "pulumi.com/skipAwait";
export const WAIT_FOR = "pulumi.com/waitFor";
export const TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds";
export const PATCH_FORCE = "pulumi.com/patchForce";
export const REPLACE_UNREADY = "pulumi.com/replaceUnready";
export const DELETION_PROPAGATION = "pulumi.com/deletionPropagationPolicy";

const BOOLEANS = [AUTONAMED, SKIP_AWAIT, PATCH_FORCE, REPLACE_UNREADY];
const KNOWN = [...BOOLEANS, WAIT_FOR, TIMEOUT_SECONDS, DELETION_PROPAGATION];
const POLICIES = ["foreground", "background", "orphan"];

export function annotation(object: JsonObject, name: string): string | undefined {
  return textAt(object, "metadata", "annotations", name);
}

export function isSet(object: JsonObject, name: string): boolean {
  return annotation(object, name) === "true";
}

/** The errors in the `pulumi.com/` annotations of an object, one sentence each. */
export function annotationFaults(object: JsonObject): string[] {
  return Object.entries(objectAt(object, "metadata", "annotations")).flatMap(([name, value]) => {
    const fault = name.startsWith("pulumi.com/") ? faultOf(name, value) : undefined;
    return fault === undefined ? [] : [`metadata.annotations["${name}"] ${fault}`];
  });
}

function faultOf(name: string, value: Json): string | undefined {
  if (!KNOWN.includes(name)) {
    return `is not known to this kubernetes plugin; known are ${KNOWN.join(", ")}.`;
  }
  if (typeof value !== "string") {
    return undefined; // it is unknown in a preview, or the API server refuses it
  }
  if (BOOLEANS.includes(name) && value !== "true" && value !== "false") {
    return `must be "true" or "false".`;
  }
  if (name === TIMEOUT_SECONDS && !/^\d+$/.test(value)) {
    return `must be a whole number of seconds, for example "600".`;
  }
  if (name === DELETION_PROPAGATION && !POLICIES.includes(value.toLowerCase())) {
    return `must be one of ${POLICIES.join(", ")}.`;
  }
  return name === WAIT_FOR ? waitForFault(value) : undefined;
}

function waitForFault(value: string): string | undefined {
  try {
    expectations(value);
    return undefined;
  } catch (error) {
    return `is not valid: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** The propagation policy of a deletion, in the API's spelling. Default: foreground. */
export function deletionPolicy(object: JsonObject): "Foreground" | "Background" | "Orphan" {
  switch (annotation(object, DELETION_PROPAGATION)?.toLowerCase()) {
    case "background":
      return "Background";
    case "orphan":
      return "Orphan";
    default:
      return "Foreground";
  }
}

/** Time limit in seconds: `customTimeouts`, else the annotation `pulumi.com/timeoutSeconds`, else the default. */
export function timeoutSeconds(context: ResourceContext, inputs: JsonObject, byDefault: number): number {
  if (context.timeoutSeconds > 0) {
    return context.timeoutSeconds;
  }
  const annotated = Number(annotation(inputs, TIMEOUT_SECONDS));
  return Number.isFinite(annotated) && annotated > 0 ? annotated : byDefault;
}
