import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { text } from "./values.ts";

/** A secret setting: given as text, handed to the layers as a secret output, never shown in a message. */
export type SecretString = z.ZodPipe<z.ZodString, z.ZodTransform<pulumi.Output<string>, string>>;

/**
 * A secret text of a given form.
 *
 * @param expected - what the operator should give, to follow "expected"
 * @param normal - brings a valid text into its one usual form
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
