import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Properties } from "../server/values.ts";
import { allowsDigits, passwordInputs, passwordRefusal, randomPassword } from "./password.ts";

/** One resource type. Its functions need inputs that `schema` accepts. */
export interface RandomKind {
  readonly schema: z.ZodObject;
  /** Outputs besides the inputs; all of them are secret. */
  readonly outputs: readonly string[];
  /** Why no value can satisfy the inputs; undefined when one can. */
  readonly refusal: (inputs: Properties) => string | undefined;
  /** The inputs with their defaults. */
  readonly complete: (inputs: Properties) => Properties;
  /** Generates new outputs. */
  readonly generate: (inputs: Properties) => Properties;
}

const properties = z.record(z.string(), z.json());

/** The vendor's output `bcryptHash` is left out: no layer reads it. */
const password: RandomKind = {
  schema: passwordInputs,
  outputs: ["result"],
  refusal: (inputs) => passwordRefusal(passwordInputs.parse(inputs)),
  complete: (inputs) => {
    const parsed = passwordInputs.parse(inputs);
    const numeric = allowsDigits(parsed);
    return properties.parse({ ...parsed, number: numeric, numeric });
  },
  generate: (inputs) => ({ result: randomPassword(passwordInputs.parse(inputs)) }),
};

const bytesInputs = z.strictObject({
  keepers: z.record(z.string(), z.string()).optional(),
  length: z.int().min(1),
});

const bytes: RandomKind = {
  schema: bytesInputs,
  outputs: ["base64", "hex"],
  refusal: () => undefined,
  complete: (inputs) => inputs,
  generate: (inputs) => {
    const generated = randomBytes(bytesInputs.parse(inputs).length);
    return { base64: generated.toString("base64"), hex: generated.toString("hex") };
  },
};

export const randomKinds: ReadonlyMap<string, RandomKind> = new Map([
  ["random:index/randomPassword:RandomPassword", password],
  ["random:index/randomBytes:RandomBytes", bytes],
]);
