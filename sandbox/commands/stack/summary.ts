import { z } from "zod";

const stateSchema = z.looseObject({
  checkpoint: z.looseObject({
    latest: z
      .looseObject({
        manifest: z.looseObject({ time: z.string() }).optional(),
        resources: z.array(z.unknown()).nullish(),
        pending_operations: z.array(z.unknown()).nullish(),
      })
      .nullish(),
  }),
});

/** What people want to know about a stack. */
export interface StackSummary {
  /** Number of its resources. */
  readonly resources: number;
  /** Time of the last change (UTC, without fraction); undefined before the first one. */
  readonly lastChange: string | undefined;
  /** Number of operations that a killed run left. */
  readonly unfinished: number;
}

/** @param state - content of the engine's state file; empty when there is no stack */
export function stackSummary(state: string): StackSummary | undefined {
  if (state === "") {
    return undefined;
  }
  const { latest } = stateSchema.parse(JSON.parse(state)).checkpoint;
  return {
    resources: latest?.resources?.length ?? 0,
    lastChange: latest?.manifest?.time.slice(0, 19),
    unfinished: latest?.pending_operations?.length ?? 0,
  };
}
