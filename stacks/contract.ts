import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { OperatorError } from "../components/errors/operator-error.ts";

/**
 * The typed outputs of a layer: what other layers and other teams may rely on.
 *
 * `version` grows when a field changes its meaning or goes; a consumer built for another version refuses to run.
 */
export interface Contract<T extends object> {
  readonly layer: string;
  readonly version: number;
  readonly schema: z.ZodType<T>;
}

/** A contract's fields, each an output of its own so that a secret field does not make the others secret. */
export type Outputs<T extends object> = { readonly [K in keyof T]: pulumi.Output<T[K]> };

/** What a stack exports under the layer's name. */
export type Exported<T extends object> = Outputs<T> & { readonly contractVersion: number };

/** Adds the contract's version to a layer's outputs, ready to be exported. */
export function exported<T extends object>(contract: Contract<T>, outputs: Outputs<T>): Exported<T> {
  return { ...outputs, contractVersion: contract.version };
}

function versionOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "contractVersion" in value ? value.contractVersion : undefined;
}

function checked<T extends object>(contract: Contract<T>, stack: string, value: unknown): T {
  const where = `output "${contract.layer}" of stack ${stack}`;
  const found = versionOf(value);
  if (found !== contract.version) {
    throw new OperatorError({
      what: `version ${contract.version} of the contract of layer ${contract.layer} is needed, the stack gives ${found === undefined ? "none" : JSON.stringify(found)}`,
      where,
      remedy: `run pulumi up on stack ${stack} with the same release of this program first`,
    });
  }
  const result = contract.schema.safeParse(value);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    throw new OperatorError({
      what: `the outputs do not have the agreed shape: ${problems}`,
      where,
      remedy: `run pulumi up on stack ${stack} again; its outputs must not be edited by hand`,
    });
  }
  return result.data;
}

/**
 * Reads a layer's contract from another stack and checks version and shape before anything uses it.
 *
 * The whole is secret as soon as one field is; a layer's `…From` function says which fields are plain.
 *
 * @throws OperatorError (when the outputs resolve) if the stack lacks the layer, or gives another version or shape
 */
export function fromStack<T extends object>(contract: Contract<T>, reference: pulumi.StackReference): pulumi.Output<T> {
  return pulumi
    .all([reference.name, reference.getOutput(contract.layer)])
    .apply(([stack, value]: [string, unknown]) => checked(contract, stack, value));
}
