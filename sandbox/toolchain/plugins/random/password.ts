import { randomInt } from "node:crypto";
import { z } from "zod";

const count = z.int().min(0).default(0);

/** Inputs of RandomPassword (@pulumi/random 4.21.2), with the vendor's defaults. */
export const passwordInputs = z.strictObject({
  keepers: z.record(z.string(), z.string()).optional(),
  length: z.int().min(1),
  lower: z.boolean().default(true),
  minLower: count,
  minNumeric: count,
  minSpecial: count,
  minUpper: count,
  /** Older name of `numeric`. */
  number: z.boolean().optional(),
  numeric: z.boolean().optional(),
  overrideSpecial: z.string().optional(),
  special: z.boolean().default(true),
  upper: z.boolean().default(true),
});

export type PasswordInputs = z.infer<typeof passwordInputs>;

const lowerLetters = "abcdefghijklmnopqrstuvwxyz";
const upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digits = "0123456789";
const specialCharacters = "!@#$%&*()-_=+[]{}<>:?";

/** Whether digits are allowed, by either of the two names. Default true. */
export function allowsDigits(inputs: Pick<PasswordInputs, "number" | "numeric">): boolean {
  return inputs.numeric ?? inputs.number ?? true;
}

interface CharacterSet {
  readonly allowed: boolean;
  readonly characters: string;
  readonly minimum: number;
}

function characterSets(inputs: PasswordInputs): CharacterSet[] {
  const special = inputs.overrideSpecial ?? specialCharacters;
  return [
    { allowed: inputs.lower, characters: lowerLetters, minimum: inputs.minLower },
    { allowed: inputs.upper, characters: upperLetters, minimum: inputs.minUpper },
    { allowed: allowsDigits(inputs), characters: digits, minimum: inputs.minNumeric },
    { allowed: inputs.special, characters: special === "" ? specialCharacters : special, minimum: inputs.minSpecial },
  ];
}

/** Why no password can satisfy the inputs; undefined when one can. */
export function passwordRefusal(inputs: PasswordInputs): string | undefined {
  const sets = characterSets(inputs);
  const minimum = sets.reduce((sum, set) => sum + set.minimum, 0);
  if (inputs.length < minimum) {
    return `length is ${inputs.length}, but minLower, minUpper, minNumeric and minSpecial require ${minimum} characters`;
  }
  if (!sets.some(({ allowed }) => allowed) && minimum < inputs.length) {
    return "at least one of lower, upper, numeric and special must be true";
  }
  return undefined;
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

/** A password that satisfies the inputs, from the random source of the operating system. */
export function randomPassword(inputs: PasswordInputs): string {
  const sets = characterSets(inputs);
  const all = sets.map(({ allowed, characters }) => (allowed ? characters : "")).join("");
  const result = sets.flatMap(({ characters, minimum }) => Array.from({ length: minimum }, () => pick(characters)));
  while (result.length < inputs.length) {
    result.push(pick(all));
  }
  return shuffled(result).join("");
}

/** The Fisher-Yates shuffle. Without it, the characters that the minimums require would always come first. */
function shuffled(items: readonly string[]): string[] {
  const result: string[] = [];
  for (const [index, item] of items.entries()) {
    const other = randomInt(index + 1);
    if (other < index) {
      result.push(result[other] ?? item);
      result[other] = item;
    } else {
      result.push(item);
    }
  }
  return result;
}
