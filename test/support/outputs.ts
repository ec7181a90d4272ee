import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Contract } from "../../stacks/contract.ts";

/**
 * The value of an output.
 *
 * `apply` receives no error. The promise inside the output does, but Pulumi's types do not include it.
 *
 * @throws the error of the output's computation
 */
export async function settled(output: pulumi.Output<unknown>): Promise<unknown> {
  const promise: unknown = Reflect.get(Object(output), "promise");
  assert(typeof promise === "function", "an output of @pulumi/pulumi 3.259 has a promise()");
  const value: unknown = await Reflect.apply(promise, output, []);
  return value;
}

/** The resources that a value comes from, at every depth and through every `apply`. Pulumi's types do not include them. */
export async function sourcesOf(value: unknown): Promise<pulumi.Resource[]> {
  const find: unknown = Reflect.get(Object(pulumi.output(value)), "allResources");
  assert(typeof find === "function", "an output of @pulumi/pulumi 3.259 has allResources()");
  const found: unknown = await Reflect.apply(find, undefined, []);
  assert(found instanceof Set);
  return [...found].filter((resource) => pulumi.Resource.isInstance(resource));
}

const exportedLayer = z
  .object({ contractVersion: z.number() })
  .catchall(z.custom<pulumi.Output<unknown>>((value) => pulumi.Output.isInstance(value)));

/** The outputs that a stack exports for a layer, by name. Their version must be that of the contract. */
export function exportedOutputs(
  { layer, version }: Contract,
  stackOutputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, pulumi.Output<unknown>>> {
  const { contractVersion, ...outputs } = exportedLayer.parse(stackOutputs[layer]);
  assert.equal(contractVersion, version);
  return outputs;
}

/** Names of the outputs that are secret. */
export async function secretNames(outputs: Readonly<Record<string, pulumi.Output<unknown>>>): Promise<string[]> {
  const names = await Promise.all(
    Object.entries(outputs).map(async ([name, output]) => ((await pulumi.isSecret<unknown>(output)) ? [name] : [])),
  );
  return names.flat();
}
