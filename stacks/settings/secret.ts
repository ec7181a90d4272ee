import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { checkedText, text, type FindFault } from "./values.ts";

/** A secret setting: the operator gives a text, and the layer gets a secret output. No message shows it. */
export type SecretString = z.ZodPipe<z.ZodString, z.ZodTransform<pulumi.Output<string>, string>>;

function secret(schema: z.ZodString, normal: (value: string) => string = (value) => value): SecretString {
  return schema.transform((value) => pulumi.secret(normal(value))).meta({ secret: true });
}

/**
 * A secret text of a given form.
 *
 * @param expected - phrase that follows "expected"
 * @param normal - normalises a valid text. Default: unchanged
 */
export function secretString(
  expected: string,
  accepts: RegExp | ((value: string) => boolean),
  normal?: (value: string) => string,
): SecretString {
  return secret(text(expected, accepts), normal);
}

/**
 * A secret text that a function checks.
 *
 * @param expected - phrase that follows "expected"
 * @param faultOf - the report shows what it returns, so it returns no part of the text
 * @param clearForm - form in which the text contains no secret, so the file may contain it unencrypted
 */
export function checkedSecret(expected: string, faultOf: FindFault, clearForm: RegExp): SecretString {
  return secret(checkedText(expected, faultOf)).meta({ clearForm: clearForm.source });
}
