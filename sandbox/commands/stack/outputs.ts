import { readFile } from "node:fs/promises";
import { z } from "zod";
import { stateFile } from "./folder.ts";

const outputsSchema = z.object({
  foundation: z.object({
    domain: z.string(),
    caCertificate: z.string(),
  }),
  applications: z
    .array(z.object({ name: z.string(), host: z.string(), who: z.string(), health: z.string() }))
    .default([]),
});

/** The outputs of the stack that people need. None of them is secret. */
export type StackOutputs = z.infer<typeof outputsSchema>;

const stateSchema = z.object({
  checkpoint: z.object({
    latest: z
      .object({ resources: z.array(z.object({ type: z.string(), outputs: z.unknown().optional() })).nullish() })
      .nullish(),
  }),
});

/** The outputs in the text of a state file; undefined before the first update has succeeded. */
export function outputsIn(state: string): StackOutputs | undefined {
  const { latest } = stateSchema.parse(JSON.parse(state)).checkpoint;
  const stack = latest?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  return outputsSchema.safeParse(stack?.outputs).data;
}

/**
 * The outputs of the sandbox's stack, without the engine: the commands that show them must not build it.
 *
 * @returns undefined when no update has succeeded yet
 */
export async function stackOutputs(): Promise<StackOutputs | undefined> {
  const state = await readFile(stateFile(), "utf8").catch(() => undefined);
  return state === undefined ? undefined : outputsIn(state);
}
