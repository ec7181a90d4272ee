import type { OAuthClient } from "./oauth-clients.ts";
import type { Condition, OAuthClientStatus } from "./custom-resource.ts";

/** Result of one reconciliation of an OAuthClient. */
export interface Outcome {
  readonly ready: boolean;
  /** The reason in one CamelCase word, for programs. */
  readonly reason: "Reconciled" | "Invalid" | "Conflict" | "Failed";
  /** The reason for people. */
  readonly message: string;
}

/** RFC 3339 in seconds, as the Kubernetes API writes times. */
const timestamp = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

/** The status of an OAuthClient after a reconciliation. The time of the last transition changes only with the condition's status. */
export function statusAfter(
  { metadata, status: before }: OAuthClient,
  outcome: Outcome,
  now = new Date(),
): OAuthClientStatus {
  const observedGeneration = metadata.generation;
  const previous = before?.conditions?.find(({ type }) => type === "Ready");
  const status = outcome.ready ? "True" : "False";
  const condition: Condition = {
    type: "Ready",
    status,
    observedGeneration,
    lastTransitionTime: previous?.status === status ? previous.lastTransitionTime : timestamp(now),
    reason: outcome.reason,
    message: outcome.message,
  };
  return { observedGeneration, conditions: [condition] };
}
