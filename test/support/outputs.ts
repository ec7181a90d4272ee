import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";

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
