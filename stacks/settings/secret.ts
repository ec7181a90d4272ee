import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { text } from "./values.ts";

/** A secret setting: the operator gives a text, and the layer gets a secret output. No message shows it. */
export type SecretString = z.ZodPipe<z.ZodString, z.ZodTransform<pulumi.Output<string>, string>>;

/**
 * A secret text of a given form.
 *
 * @param expected - phrase that follows "expected"
 * @param normal - normalises a valid text. Default: unchanged
 */
export function secretString(
  expected: string,
  accepts: RegExp | ((value: string) => boolean),
  normal: (value: string) => string = (value) => value,
): SecretString {
  return text(expected, accepts)
    .transform((value) => pulumi.secret(normal(value)))
    .meta({ secret: true });
}
