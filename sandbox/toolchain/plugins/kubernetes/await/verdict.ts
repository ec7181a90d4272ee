import type { Look } from "../api/client.ts";
import type { JsonObject } from "../manifest/json.ts";

/** What an object's state says. `failed` is final: waiting longer changes nothing. */
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

/** How one kind shows that it is ready. */
export interface Readiness {
  /** Default bound of the wait. */
  readonly seconds: number;
  judge(object: JsonObject, look: Look): Verdict | Promise<Verdict>;
  /** Selector of the pods that explain why it is not ready. */
  podSelector?(object: JsonObject): string | undefined;
}
