import type { ClusterReader } from "../api/client.ts";
import type { JsonObject } from "../manifest/json.ts";

/** The judgement of an object's state. `failed` is final: waiting longer does not help. */
export type Verdict =
  | { readonly state: "ready" }
  | { readonly state: "waiting"; readonly because: string }
  | { readonly state: "failed"; readonly because: string };

export const READY: Verdict = { state: "ready" };

export function waiting(because: string): Verdict {
  return { state: "waiting", because };
}

export function failed(because: string): Verdict {
  return { state: "failed", because };
}

/** How a kind shows that an object is ready. */
export interface Readiness {
  /** Longest wait by default. */
  readonly seconds: number;
  judge(object: JsonObject, reader: ClusterReader): Verdict | Promise<Verdict>;
  /** Label selector of the pods that explain why the object is not ready. */
  podSelector?(object: JsonObject): string | undefined;
}
