import type { CheckFailure, ResourceContext } from "../../server/plugin.ts";
import type { Properties } from "../../server/values.ts";
import type { Vault } from "../server/vault.ts";
import type { Property } from "./property.ts";
import { text } from "./property.ts";

/** What an operation on one object works with. */
export interface Call {
  /** The server, in the namespace of the object. */
  readonly vault: Vault;
  readonly row: Row;
  readonly context: ResourceContext;
}

export interface Created {
  readonly id: string;
  /** Outputs that the server tells only once, in its answer to the creation. */
  readonly told?: Properties;
}

/** The four verbs of an object. Values are in the program's words; the mapping to the API is the operation's work. */
export interface Operations {
  create(call: Call, desired: Properties): Promise<Created>;
  /** What the server says now, or undefined when the object is gone. `known` is the last state. */
  read(call: Call, id: string, known: Properties): Promise<Properties | undefined>;
  /** `before` is the last state, `desired` the whole of what is wanted. */
  update(call: Call, id: string, desired: Properties, before: Properties): Promise<void>;
  delete(call: Call, id: string, known: Properties): Promise<void>;
}

/** One resource type: its token, where it lives, its properties and its verbs. */
export interface Row {
  /** Token of the SDK, such as `vault:index/mount:Mount`. */
  readonly type: string;
  /** Path and id of the object: `{name}` stands for the property. */
  readonly path: string;
  readonly properties: Readonly<Record<string, Property>>;
  /** Properties of the SDK that this plugin refuses, by the reason it gives. */
  readonly refuses: Readonly<Record<string, readonly string[]>>;
  readonly operations: Operations;
  /** Inputs that follow from others when the program does not give them. */
  readonly derived?: (inputs: Properties) => Properties;
  /** Rules between properties, for values that are known. */
  readonly validate?: (inputs: Properties) => CheckFailure[];
  /** Does a change of this property replace the object, though its trait does not say so? */
  readonly replacedBy?: (property: string, wanted: Properties, found: Properties) => boolean;
  /** Set and unchanged, these make it impossible for the old and the new object to be there together. */
  readonly unique?: readonly string[];
}

interface RowParts extends Omit<Row, "refuses"> {
  readonly refuses?: Row["refuses"];
}

/** Reasons why a property of the SDK is not in a row. */
export const enterpriseOnly = "only Vault Enterprise has it, which Bibind does not use";
export const newerVaultOnly = "OpenBao does not know it";
export const otherDatabase = "this plugin configures PostgreSQL only (property `postgresql`)";

/** A row of the table. `namespace` is a property of every resource type. */
export function row(parts: RowParts): Row {
  const namespace = text({ replaces: true, field: false, unread: true });
  return { refuses: {}, ...parts, properties: { ...parts.properties, namespace } };
}
