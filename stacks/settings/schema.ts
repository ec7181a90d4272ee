import { z } from "zod";

/** Any zod schema. */
export type Schema = z.core.$ZodType;

/** What a schema says about one setting, through all its wrappers. */
export interface SettingFacts {
  /** The schema inside optional, default and transform. */
  readonly base: Schema;
  /** The expected value, as a phrase that follows "expected". */
  readonly expected: string;
  readonly secret: boolean;
  /** Form in which a secret setting holds nothing secret; undefined when it has no such form. */
  readonly clearForm: RegExp | undefined;
  readonly description: string;
  /** Whether the operator must give it. */
  readonly required: boolean;
  /** The default; undefined when there is none, or when it consists of the defaults of its parts. */
  readonly defaultValue: unknown;
}

function inside(schema: Schema): Schema | undefined {
  if (schema instanceof z.core.$ZodPipe) {
    return schema._zod.def.in;
  }
  const wrappers = [z.core.$ZodOptional, z.core.$ZodNullable, z.core.$ZodDefault, z.core.$ZodPrefault];
  return wrappers.find((wrapper) => schema instanceof wrapper) && innerType(schema);
}

function innerType(schema: Schema): Schema | undefined {
  const def = schema._zod.def;
  return "innerType" in def && def.innerType instanceof z.core.$ZodType ? def.innerType : undefined;
}

/** The schema and everything it wraps, outermost first. */
function chain(schema: Schema): Schema[] {
  const next = inside(schema);
  return next === undefined ? [schema] : [schema, ...chain(next)];
}

function phrase(base: Schema): string {
  const values = allowedValues(base);
  if (values !== undefined) {
    return values.length === 1 ? values.join("") : `one of ${values.join(", ")}`;
  }
  if (base instanceof z.core.$ZodArray) {
    return `a list, each ${factsOf(base._zod.def.element).expected}`;
  }
  if (base instanceof z.core.$ZodBoolean) {
    return "true or false";
  }
  if (base instanceof z.core.$ZodNumber) {
    return "a number";
  }
  if (base instanceof z.core.$ZodDiscriminatedUnion) {
    return `a mapping with ${base._zod.def.discriminator}`;
  }
  return base instanceof z.core.$ZodString ? "a text" : "a mapping";
}

/** Whether a setting is a single value. A union of single values, such as 1, 3 or 5, is one too. */
export function isLeaf(base: Schema): boolean {
  if (base instanceof z.core.$ZodUnion && !(base instanceof z.core.$ZodDiscriminatedUnion)) {
    return base._zod.def.options.every((option) => isLeaf(factsOf(option).base));
  }
  const composed = [z.core.$ZodObject, z.core.$ZodRecord, z.core.$ZodArray, z.core.$ZodUnion];
  return !composed.some((kind) => base instanceof kind);
}

/** The facts of a setting. */
export function factsOf(schema: Schema): SettingFacts {
  const schemas = chain(schema);
  const base = schemas.at(-1) ?? schema;
  const metas = schemas.map((one) => z.globalRegistry.get(one));
  const expected = metas.map((meta) => meta?.["expected"]).find((found) => typeof found === "string");
  const clearForm = metas.map((meta) => meta?.["clearForm"]).find((found) => typeof found === "string");
  const defaulted = schemas.find((one) => one instanceof z.core.$ZodDefault);
  return {
    base,
    expected: expected ?? phrase(base),
    secret: metas.some((meta) => meta?.["secret"] === true),
    clearForm: clearForm === undefined ? undefined : new RegExp(clearForm),
    description: metas.find((meta) => meta?.description !== undefined)?.description ?? "",
    required: schema._zod.optin === undefined,
    defaultValue: defaulted?._zod.def.defaultValue,
  };
}

/** The values that an enumeration or a literal allows; undefined for another schema. */
export function allowedValues(base: Schema): readonly string[] | undefined {
  if (base instanceof z.core.$ZodEnum) {
    return Object.values(base._zod.def.entries).map(String);
  }
  return base instanceof z.core.$ZodLiteral ? base._zod.def.values.map(String) : undefined;
}

/** The object schemas of a setting: one, or one for each value of a discriminator. */
export function shapesOf(base: Schema): readonly z.core.$ZodObject[] {
  const options = base instanceof z.core.$ZodUnion ? base._zod.def.options : [base];
  return options.filter((option) => option instanceof z.core.$ZodObject);
}

/** The object schema that applies to a given value. */
function shapeFor(base: Schema, given: unknown): z.core.$ZodObject | undefined {
  if (!(base instanceof z.core.$ZodDiscriminatedUnion)) {
    return shapesOf(base)[0];
  }
  const discriminator: string = base._zod.def.discriminator;
  const kind = valueAt(given, [discriminator]);
  return shapesOf(base).find((shape) => {
    const property = shape._zod.def.shape[discriminator];
    return property !== undefined && typeof kind === "string" && allowedValues(property)?.includes(kind);
  });
}

/** The keys that a mapping may have, given its value. */
export function knownKeys(base: Schema, given: unknown): readonly string[] {
  return Object.keys(shapeFor(base, given)?._zod.def.shape ?? {});
}

function child(schema: Schema, key: PropertyKey, given: unknown): Schema | undefined {
  const { base } = factsOf(schema);
  if (base instanceof z.core.$ZodArray) {
    return base._zod.def.element;
  }
  if (base instanceof z.core.$ZodRecord) {
    return base._zod.def.valueType;
  }
  const shape = shapeFor(base, given)?._zod.def.shape ?? {};
  return typeof key === "string" && Object.hasOwn(shape, key) ? shape[key] : undefined;
}

/** The schema at a path of a given value; undefined when there is none. */
export function schemaAt(schema: Schema, path: readonly PropertyKey[], given: unknown): Schema | undefined {
  const [key, ...rest] = path;
  if (key === undefined) {
    return schema;
  }
  const next = child(schema, key, given);
  return next && schemaAt(next, rest, valueAt(given, [key]));
}

/** The value at a path; undefined when there is none. */
export function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    given,
  );
}
