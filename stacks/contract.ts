import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { OperatorError } from "../components/errors/operator-error.ts";

/** The value of a contract's field: an output of a live layer, or a plain value of another stack. */
class FieldValue {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A field of a contract. Its schema says whether it is secret. */
export type Field<T> = z.ZodPipe<z.ZodCustom<FieldValue, FieldValue>, z.ZodTransform<pulumi.Output<T>, FieldValue>>;

function field<T>(schema: z.ZodType<T>, secret: boolean): Field<T> {
  return z
    .instanceof(FieldValue)
    .transform(({ value }, context): pulumi.Output<T> => {
      const output: pulumi.Output<unknown> = secret ? pulumi.secret(value) : pulumi.output(value);
      if (pulumi.Output.isInstance(value)) {
        return output.apply((known): T => schema.parse(known));
      }
      const result = schema.safeParse(value);
      if (!result.success) {
        for (const { path, message } of result.error.issues) {
          context.addIssue({ code: "custom", path, message });
        }
        return z.NEVER;
      }
      return output.apply((): T => result.data);
    })
    .meta({ secret });
}

/** A field that everybody may read. */
export const plain = <T>(schema: z.ZodType<T>): Field<T> => field(schema, false);

/** A field that is secret in every stack. */
export const secret = <T>(schema: z.ZodType<T>): Field<T> => field(schema, true);

/** Fields by name. */
export type Fields = Readonly<Record<string, z.ZodType<pulumi.Output<unknown>>>>;

/**
 * The typed outputs of a layer, on which other layers and other teams may rely.
 *
 * `version` increases when a field is removed or changes its meaning. A consumer of another version refuses to run.
 */
export interface Contract<F extends Fields = Fields> {
  readonly layer: string;
  readonly version: number;
  readonly fields: z.ZodObject<F>;
}

/** The outputs of a layer: one output for each field, so that a secret field does not make the others secret. */
export type Outputs<F extends Fields> = z.output<z.ZodObject<F>>;

/** What a stack exports for a layer. */
export type Exported = Readonly<Record<string, unknown>> & { readonly contractVersion: number };

/** A layer's outputs as a stack exports them. */
export function exported({ version }: Contract, outputs: object): Exported {
  return { ...outputs, contractVersion: version };
}

/** A value for every field, so that the field itself reports a missing one. */
function fieldValues({ shape }: z.ZodObject, values: object): Record<string, FieldValue> {
  return Object.fromEntries(Object.keys(shape).map((name) => [name, new FieldValue(Reflect.get(values, name))]));
}

/** The outputs of a layer of the same stack. */
export function readLive<F extends Fields>(contract: Contract<F>, outputs: object): Outputs<F> {
  return contract.fields.parse(fieldValues(contract.fields, outputs));
}

const versioned = z.looseObject({ contractVersion: z.unknown() });

/**
 * The outputs of a layer of another stack, checked before anything uses them.
 *
 * @param stack - name of the other stack
 * @param value - what that stack exports for the layer
 * @throws OperatorError when the version or the shape differs
 */
export function readUpstream<F extends Fields>(contract: Contract<F>, stack: string, value: unknown): Outputs<F> {
  const where = `output "${contract.layer}" of stack ${stack}`;
  const found = versioned.safeParse(value);
  const version = found.data?.contractVersion;
  if (version !== contract.version) {
    throw new OperatorError({
      what: `layer ${contract.layer} needs version ${contract.version} of its contract, the stack gives ${version === undefined ? "none" : JSON.stringify(version)}`,
      where,
      remedy: `run pulumi up on stack ${stack} with the same release of this program first`,
    });
  }
  const result = contract.fields.safeParse(fieldValues(contract.fields, found.data ?? {}));
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    throw new OperatorError({
      what: `the outputs do not have the agreed shape: ${problems}`,
      where,
      remedy: `run pulumi up on stack ${stack} again, and do not edit its outputs by hand`,
    });
  }
  return result.data;
}
