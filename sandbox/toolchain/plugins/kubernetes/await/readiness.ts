import type { ClusterReader } from "../api/client.ts";
import type { JsonObject } from "../manifest/json.ts";

/** Whether an object is ready. `failed` is final: waiting longer does not help. */
export type ReadinessResult =
  | { readonly state: "ready" }
  | { readonly state: "waiting"; readonly reason: string }
  | { readonly state: "failed"; readonly reason: string };

export const READY: ReadinessResult = { state: "ready" };

export function waiting(reason: string): ReadinessResult {
  return { state: "waiting", reason };
}

export function failed(reason: string): ReadinessResult {
  return { state: "failed", reason };
}

/** The rule that decides whether an object of a kind is ready. */
export interface Readiness {
  /** Default time limit of a wait, in seconds. */
  readonly seconds: number;
  evaluate(object: JsonObject, reader: ClusterReader): ReadinessResult | Promise<ReadinessResult>;
  /** Label selector of the object's pods, which can explain why it is not ready. */
  podSelector?(object: JsonObject): string | undefined;
}
