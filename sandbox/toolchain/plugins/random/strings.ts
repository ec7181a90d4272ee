import { randomInt } from "node:crypto";
import { z } from "zod";

const count = z.int().min(0).default(0);

/** Inputs of RandomString and RandomPassword (@pulumi/random 4.21), with the defaults of the vendor's plugin. */
export const stringInputs = z.strictObject({
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

export type StringInputs = z.infer<typeof stringInputs>;

const lowerLetters = "abcdefghijklmnopqrstuvwxyz";
const upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digits = "0123456789";
const specialCharacters = "!@#$%&*()-_=+[]{}<>:?";

/** Are digits wanted, by either of the two names? */
export function wantsDigits(inputs: Pick<StringInputs, "number" | "numeric">): boolean {
  return inputs.numeric ?? inputs.number ?? true;
}

interface CharacterKind {
  readonly wanted: boolean;
  readonly characters: string;
  readonly minimum: number;
}

function kindsOf(inputs: StringInputs): CharacterKind[] {
  const special = inputs.overrideSpecial ?? specialCharacters;
  return [
    { wanted: inputs.lower, characters: lowerLetters, minimum: inputs.minLower },
    { wanted: inputs.upper, characters: upperLetters, minimum: inputs.minUpper },
    { wanted: wantsDigits(inputs), characters: digits, minimum: inputs.minNumeric },
    { wanted: inputs.special, characters: special === "" ? specialCharacters : special, minimum: inputs.minSpecial },
  ];
}

/** Why no such string can be made; nothing when it can. */
export function impossible(inputs: StringInputs): string | undefined {
  const kinds = kindsOf(inputs);
  const minimum = kinds.reduce((sum, kind) => sum + kind.minimum, 0);
  if (inputs.length < minimum) {
    return `length is ${inputs.length}, but minLower, minUpper, minNumeric and minSpecial ask for ${minimum} characters`;
  }
  if (!kinds.some(({ wanted }) => wanted) && minimum < inputs.length) {
    return "at least one of lower, upper, numeric and special must be true";
  }
  return undefined;
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

/** A string by the rules of the inputs, from the system's random source. */
export function randomString(inputs: StringInputs): string {
  const kinds = kindsOf(inputs);
  const all = kinds.map(({ wanted, characters }) => (wanted ? characters : "")).join("");
  const result = kinds.flatMap(({ characters, minimum }) => Array.from({ length: minimum }, () => pick(characters)));
  while (result.length < inputs.length) {
    result.push(pick(all));
  }
  return shuffled(result).join("");
}

/** Fisher and Yates' shuffle, so that the characters asked for by a minimum are not all at the front. */
function shuffled(items: readonly string[]): string[] {
  const result: string[] = [];
  for (const [index, item] of items.entries()) {
    const place = randomInt(index + 1);
    if (place < index) {
      result.push(result[place] ?? item);
      result[place] = item;
    } else {
      result.push(item);
    }
  }
  return result;
}
