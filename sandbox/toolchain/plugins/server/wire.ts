import { isDeepStrictEqual } from "node:util";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { Unknown, isList, isObject, unknown, type Properties, type PropertyValue } from "./values.ts";

/** A value in the protocol: JSON in which a signature marks some objects and strings. */
export type WireValue =
  null | boolean | number | string | readonly WireValue[] | { readonly [name: string]: WireValue };

/** The properties of a message in the protocol. */
export type WireProperties = Readonly<Record<string, WireValue>>;

/** Signatures of values that JSON cannot hold (`sdk/go/common/resource/sig/sig.go` of pulumi 3.259). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** An unknown value of each type (`sdk/go/common/resource/plugin/rpc.go`). */
const unknownStrings: ReadonlySet<string> = new Set([
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

type WireObject = Exclude<WireValue, null | boolean | number | string | readonly WireValue[]>;

/** Properties of a request, and where their secrets were. */
export interface Decoded {
  readonly properties: Properties;
  /** The properties as received. The answer repeats a value in this form when the plugin did not change it. */
  readonly wire: WireProperties;
  /** Top-level names whose value contains a secret. */
  readonly secretNames: ReadonlySet<string>;
  /** Every string inside a secret. */
  readonly secretStrings: readonly string[];
  /** Every other string. */
  readonly publicStrings: readonly string[];
}

/**
 * Decodes the properties of a request and unwraps secrets.
 *
 * @param publicPaths - paths of strings that are public although a value around them is secret
 * @throws OperatorError that names the property with an asset or an archive: no plugin here accepts one
 */
export function decode(wire: WireProperties, publicPaths: readonly string[] = []): Decoded {
  const properties: Record<string, PropertyValue> = {};
  const secretNames = new Set<string>();
  const secretStrings: string[] = [];
  const publicStrings: string[] = [];
  for (const [name, value] of Object.entries(wire)) {
    const decoder = new Decoder(name, publicPaths);
    properties[name] = decoder.value(value, false, name);
    secretStrings.push(...decoder.secretStrings);
    publicStrings.push(...decoder.publicStrings);
    if (decoder.sawSecret) {
      secretNames.add(name);
    }
  }
  return { properties, wire, secretNames, secretStrings, publicStrings };
}

/**
 * The state of a resource without the secret strings that are public in its inputs: where a part of an input is secret,
 * the state keeps the whole output as a secret, with public strings in it.
 */
export function withoutPublicStrings(state: Decoded, inputs: Decoded): Decoded {
  const publicStrings = new Set(inputs.publicStrings);
  return { ...state, secretStrings: state.secretStrings.filter((text) => !publicStrings.has(text)) };
}

class Decoder {
  readonly secretStrings: string[] = [];
  readonly publicStrings: string[] = [];
  sawSecret = false;
  readonly #property: string;
  readonly #publicPaths: readonly string[];

  constructor(property: string, publicPaths: readonly string[]) {
    this.#property = property;
    this.#publicPaths = publicPaths;
  }

  value(wire: WireValue, secret: boolean, path: string): PropertyValue {
    if (typeof wire === "string") {
      return this.#string(wire, secret, path);
    }
    if (isWireList(wire)) {
      return wire.map((item) => this.value(item, secret, path));
    }
    if (typeof wire === "object" && wire !== null) {
      return signature in wire ? this.#special(wire, secret, path) : this.#object(wire, secret, path);
    }
    return wire;
  }

  #string(wire: string, secret: boolean, path: string): PropertyValue {
    if (unknownStrings.has(wire)) {
      return unknown;
    }
    const isSecret = secret && !this.#publicPaths.includes(path);
    (isSecret ? this.secretStrings : this.publicStrings).push(wire);
    return wire;
  }

  #object(wire: WireObject, secret: boolean, path: string): PropertyValue {
    const entries = Object.entries(wire);
    return Object.fromEntries(entries.map(([name, item]) => [name, this.value(item, secret, `${path}.${name}`)]));
  }

  #special(wire: WireObject, secret: boolean, path: string): PropertyValue {
    switch (wire[signature]) {
      case secretSignature:
        this.sawSecret = true;
        return this.value(wire.value ?? null, true, path);
      case outputSignature:
        this.sawSecret ||= wire.secret === true;
        return wire.value === undefined ? unknown : this.value(wire.value, secret || wire.secret === true, path);
      case resourceSignature:
        return this.value(wire.id ?? wire.urn ?? null, secret, path);
      case assetSignature:
        throw this.#refusal("an asset");
      case archiveSignature:
        throw this.#refusal("an archive");
      default:
        throw this.#refusal("a value of an unknown kind");
    }
  }

  #refusal(what: string): OperatorError {
    return new OperatorError({
      what: `property ${this.#property} contains ${what}, which this plugin does not accept`,
      where: `property ${this.#property}`,
      remedy: "use a plain value, such as a string",
    });
  }
}

function isWireList(wire: WireValue): wire is readonly WireValue[] {
  return Array.isArray(wire);
}

export interface EncodeOptions {
  /** The request's properties. The first entry that has a property of the same name decides whether it is secret. */
  readonly sources: readonly Decoded[];
  /** Names that are secret regardless of the request. */
  readonly alwaysSecret?: readonly string[];
}

/**
 * Encodes the properties of an answer. A value is marked as secret when it was secret in the request, when the request
 * had a secret in the top-level value of the same name, or when it contains a secret string of the request.
 */
export function encode(properties: Properties, options: EncodeOptions): WireProperties {
  const secretStrings = options.sources.flatMap(({ secretStrings }) =>
    secretStrings.filter(({ length }) => length >= 6),
  );
  const result: Record<string, WireValue> = {};
  for (const [name, value] of Object.entries(properties)) {
    const source = options.sources.find(({ properties }) => Object.hasOwn(properties, name));
    const wrapped = source?.secretNames.has(name) === true ? source : undefined;
    const same = wrapped !== undefined && isSame(wrapped.properties[name], value);
    const secret =
      wrapped !== undefined ||
      options.alwaysSecret?.includes(name) === true ||
      secretStrings.some((text) => containsText(value, text));
    const original = same ? wrapped.wire[name] : undefined;
    result[name] = original ?? (secret ? wrapSecret(encodeValue(value)) : encodeValue(value));
  }
  return result;
}

/** Compares like `sameValue`, but two unknown values are equal: only the place of the secret counts. */
function isSame(left: PropertyValue | undefined, right: PropertyValue): boolean {
  return left !== undefined && isDeepStrictEqual(encodeValue(left), encodeValue(right));
}

function wrapSecret(value: WireValue): WireValue {
  return { [signature]: secretSignature, value };
}

function containsText(value: PropertyValue, text: string): boolean {
  if (typeof value === "string") {
    return value.includes(text);
  }
  if (isList(value)) {
    return value.some((item) => containsText(item, text));
  }
  return isObject(value) && Object.values(value).some((item) => containsText(item, text));
}

function encodeValue(value: PropertyValue): WireValue {
  if (value instanceof Unknown) {
    return unknownString;
  }
  if (isList(value)) {
    return value.map(encodeValue);
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encodeValue(item)]));
  }
  return value;
}
