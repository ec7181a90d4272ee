import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

/**
 * The value of an output, or the error that its computation ended in.
 *
 * `apply` never sees an error; the promise inside the output does, but Pulumi keeps it out of its types.
 */
export async function settled(output: pulumi.Output<unknown>): Promise<unknown> {
  const promise: unknown = Reflect.get(Object(output), "promise");
  assert(typeof promise === "function", "an output of @pulumi/pulumi 3.259 has a promise()");
  const value: unknown = await Reflect.apply(promise, output, []);
  return value;
}

/** The resources that a value comes from, through every `apply` and however deep in it; Pulumi keeps them out of its types too. */
export async function sourcesOf(value: unknown): Promise<pulumi.Resource[]> {
  const find: unknown = Reflect.get(Object(pulumi.output(value)), "allResources");
  assert(typeof find === "function", "an output of @pulumi/pulumi 3.259 has allResources()");
  const found: unknown = await Reflect.apply(find, undefined, []);
  assert(found instanceof Set);
  return [...found].filter((resource) => pulumi.Resource.isInstance(resource));
}
