import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

/**
 * The value of an output.
 *
 * `apply` gets no error. The promise inside the output does, but it is not part of Pulumi's types.
 *
 * @throws the error of the output's computation
 */
export async function settled(output: pulumi.Output<unknown>): Promise<unknown> {
  const promise: unknown = Reflect.get(Object(output), "promise");
  assert(typeof promise === "function", "an output of @pulumi/pulumi 3.259 has a promise()");
  const value: unknown = await Reflect.apply(promise, output, []);
  return value;
}

/** The resources that a value comes from, at every depth and through every `apply`. They are not part of Pulumi's types. */
export async function sourcesOf(value: unknown): Promise<pulumi.Resource[]> {
  const find: unknown = Reflect.get(Object(pulumi.output(value)), "allResources");
  assert(typeof find === "function", "an output of @pulumi/pulumi 3.259 has allResources()");
  const found: unknown = await Reflect.apply(find, undefined, []);
  assert(found instanceof Set);
  return [...found].filter((resource) => pulumi.Resource.isInstance(resource));
}
