import { isDeepStrictEqual } from "node:util";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { Asset, Unknown, isObject, unknown, type Properties, type PropertyValue } from "./values.ts";

/** A value as it is on the wire: JSON, where some objects and strings carry a signature. */
export type WireValue =
  null | boolean | number | string | readonly WireValue[] | { readonly [name: string]: WireValue };

/** The properties of a message as they are on the wire. */
export type WireProperties = Readonly<Record<string, WireValue>>;

/** Signatures of values that JSON cannot hold (`sdk/go/common/resource/sig/sig.go` of pulumi 3.259). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The same for each other type (`sdk/go/common/resource/plugin/rpc.go`). */
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
  /** As they came, to be given back unchanged where the plugin did not change the value. */
  readonly wire: WireProperties;
  /** Top-level names whose value held a secret somewhere. */
  readonly secretNames: ReadonlySet<string>;
  /** Every string inside a secret. */
  readonly secretStrings: readonly string[];
  /** Every other string. */
  readonly clearStrings: readonly string[];
}

export interface DecodeOptions {
  readonly acceptsAssets: boolean;
  /** Paths whose strings are no secrets although the whole around them is one. */
  readonly publicPaths?: readonly string[];
}

/** Reads the properties of a request: unwraps secrets, and refuses assets by the property's name. */
export function decode(wire: WireProperties, options: DecodeOptions): Decoded {
  const properties: Record<string, PropertyValue> = {};
  const secretNames = new Set<string>();
  const secretStrings: string[] = [];
  const clearStrings: string[] = [];
  for (const [name, value] of Object.entries(wire)) {
    const decoder = new Decoder(name, options);
    properties[name] = decoder.value(value, false, name);
    secretStrings.push(...decoder.secretStrings);
    clearStrings.push(...decoder.clearStrings);
    if (decoder.sawSecret) {
      secretNames.add(name);
    }
  }
  return { properties, wire, secretNames, secretStrings, clearStrings };
}

/**
 * The state of a resource without the words that its inputs have in clear: where a part of an input is secret, the whole
 * output is kept as a secret, and holds words that are none.
 */
export function withoutClearWords(state: Decoded, inputs: Decoded): Decoded {
  const clear = new Set(inputs.clearStrings);
  return { ...state, secretStrings: state.secretStrings.filter((text) => !clear.has(text)) };
}

class Decoder {
  readonly secretStrings: string[] = [];
  readonly clearStrings: string[] = [];
  sawSecret = false;
  readonly #property: string;
  readonly #options: DecodeOptions;

  constructor(property: string, options: DecodeOptions) {
    this.#property = property;
    this.#options = options;
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
    const isSecret = secret && this.#options.publicPaths?.includes(path) !== true;
    (isSecret ? this.secretStrings : this.clearStrings).push(wire);
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
        return this.#asset("asset", wire);
      case archiveSignature:
        return this.#asset("archive", wire);
      default:
        throw this.#refuse("a value of a kind that is not known");
    }
  }

  #asset(kind: "asset" | "archive", wire: WireObject): Asset {
    if (!this.#options.acceptsAssets) {
      throw this.#refuse(kind === "asset" ? "an asset" : "an archive");
    }
    if (wire.assets !== undefined && wire.assets !== null) {
      throw this.#refuse("an archive put together from assets");
    }
    const text = (value: WireValue | undefined) => (typeof value === "string" && value !== "" ? value : undefined);
    return new Asset(kind, text(wire.hash) ?? "", {
      text: typeof wire.text === "string" ? wire.text : undefined,
      path: text(wire.path),
      uri: text(wire.uri),
    });
  }

  #refuse(what: string): OperatorError {
    return new OperatorError({
      what: `property ${this.#property} holds ${what}, which this plugin does not take`,
      where: `property ${this.#property}`,
      remedy: "give the value itself, such as a text",
    });
  }
}

function isWireList(wire: WireValue): wire is readonly WireValue[] {
  return Array.isArray(wire);
}

export interface EncodeOptions {
  /** The request's properties: the first that has a property of the name decides whether it is secret. */
  readonly sources: readonly Decoded[];
  /** Names that are secret whatever the request held. */
  readonly alwaysSecret?: readonly string[];
}

/**
 * Writes properties of an answer, and marks as secret: values that the request had so, whole top-level values whose
 * namesake in the request held a secret, and those in which a secret of the request turns up.
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

/** Here an unknown value is the same as another one: what matters is where the secret was. */
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
  if (Array.isArray(value)) {
    return value.some((item: PropertyValue) => containsText(item, text));
  }
  return isObject(value) && Object.values(value).some((item) => containsText(item, text));
}

function encodeValue(value: PropertyValue): WireValue {
  if (value instanceof Unknown) {
    return unknownString;
  }
  if (value instanceof Asset) {
    return {
      [signature]: value.kind === "asset" ? assetSignature : archiveSignature,
      hash: value.hash,
      ...withoutUndefined(value.content),
    };
  }
  if (isList(value)) {
    return value.map(encodeValue);
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encodeValue(item)]));
  }
  return value;
}

function isList(value: PropertyValue): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

function withoutUndefined(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
