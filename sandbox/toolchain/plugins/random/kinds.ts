import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Properties } from "../server/values.ts";
import { bcrypt } from "./bcrypt.ts";
import { impossible, randomString, stringInputs, wantsDigits, type StringInputs } from "./strings.ts";

/** One resource type, with its inputs untyped as they come from the engine. */
export interface RandomKind {
  readonly schema: z.ZodType;
  /** Names of all inputs. */
  readonly names: readonly string[];
  /** Outputs that are not inputs. */
  readonly outputs: readonly string[];
  readonly secretOutputs: readonly string[];
  /** Why inputs of the right shape cannot be met; nothing when they can. */
  readonly refuse: (inputs: Properties) => string | undefined;
  /** The inputs with their defaults. */
  readonly complete: (inputs: Properties) => Properties;
  readonly make: (inputs: Properties) => { id: string; outputs: Properties };
}

interface KindDefinition<Shape extends z.ZodRawShape> {
  readonly inputs: z.ZodObject<Shape>;
  readonly outputs: readonly string[];
  readonly secretOutputs?: readonly string[];
  readonly refuse?: (inputs: z.output<z.ZodObject<Shape>>) => string | undefined;
  readonly complete?: (inputs: z.output<z.ZodObject<Shape>>) => Properties;
  readonly make: (inputs: z.output<z.ZodObject<Shape>>) => { id: string; outputs: Properties };
}

function kind<Shape extends z.ZodRawShape>(definition: KindDefinition<Shape>): RandomKind {
  const { inputs: schema, outputs, secretOutputs = [], refuse, complete, make } = definition;
  const plain = z.record(z.string(), z.json());
  return {
    schema,
    names: Object.keys(schema.shape),
    outputs,
    secretOutputs,
    refuse: (inputs) => refuse?.(schema.parse(inputs)),
    complete: (inputs) => {
      const parsed = schema.parse(inputs);
      return complete?.(parsed) ?? plain.parse(withoutUndefined(parsed));
    },
    make: (inputs) => make(schema.parse(inputs)),
  };
}

function withoutUndefined(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const keepers = z.record(z.string(), z.string()).optional();

function completeString(inputs: StringInputs): Properties {
  const numeric = wantsDigits(inputs);
  const { keepers: kept, overrideSpecial, ...others } = inputs;
  return {
    ...others,
    ...(kept === undefined ? {} : { keepers: kept }),
    ...(overrideSpecial === undefined ? {} : { overrideSpecial }),
    number: numeric,
    numeric,
  };
}

const password = kind({
  inputs: stringInputs,
  outputs: ["result", "bcryptHash"],
  secretOutputs: ["result", "bcryptHash"],
  refuse: impossible,
  complete: completeString,
  make: (inputs) => {
    const result = randomString(inputs);
    return { id: "none", outputs: { result, bcryptHash: bcrypt(result) } };
  },
});

const text = kind({
  inputs: stringInputs,
  outputs: ["result"],
  refuse: impossible,
  complete: completeString,
  make: (inputs) => {
    const result = randomString(inputs);
    return { id: result, outputs: { result } };
  },
});

const identifier = kind({
  inputs: z.strictObject({ byteLength: z.int().min(1), keepers, prefix: z.string().optional() }),
  outputs: ["b64Std", "b64Url", "dec", "hex"],
  make: ({ byteLength, prefix = "" }) => {
    const bytes = randomBytes(byteLength);
    const id = bytes.toString("base64url");
    const outputs = {
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + id,
      dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
      hex: prefix + bytes.toString("hex"),
    };
    return { id, outputs };
  },
});

const bytes = kind({
  inputs: z.strictObject({ length: z.int().min(1), keepers }),
  outputs: ["base64", "hex"],
  secretOutputs: ["base64", "hex"],
  make: ({ length }) => {
    const made = randomBytes(length);
    return { id: "none", outputs: { base64: made.toString("base64"), hex: made.toString("hex") } };
  },
});

const uuid = kind({
  inputs: z.strictObject({ keepers }),
  outputs: ["result"],
  make: () => {
    const result = randomUUID();
    return { id: result, outputs: { result } };
  },
});

/** `seed` of the vendor's plugin is left out: its numbers come from Go's own generator. */
const integer = kind({
  inputs: z.strictObject({ max: z.int(), min: z.int(), keepers }),
  outputs: ["result"],
  refuse: ({ min, max }) => (min > max ? `max is ${max}, less than min, which is ${min}` : undefined),
  make: ({ min, max }) => {
    const result = randomInt(min, max + 1);
    return { id: String(result), outputs: { result } };
  },
});

export const randomKinds: ReadonlyMap<string, RandomKind> = new Map([
  ["random:index/randomPassword:RandomPassword", password],
  ["random:index/randomBytes:RandomBytes", bytes],
  ["random:index/randomString:RandomString", text],
  ["random:index/randomId:RandomId", identifier],
  ["random:index/randomUuid:RandomUuid", uuid],
  ["random:index/randomInteger:RandomInteger", integer],
]);
