import type { CheckFailure, ResourceContext } from "../../server/plugin.ts";
import type { Properties } from "../../server/values.ts";
import type { Vault } from "../server/vault.ts";
import { text, type PropertyTable } from "./property.ts";

/** The context of an operation on one object. */
export interface Call {
  /** The server, in the namespace of the object. */
  readonly vault: Vault;
  readonly row: Row;
  readonly context: ResourceContext;
}

export interface Created {
  readonly id: string;
  /** Outputs that the server returns only in its answer to the creation. Default none. */
  readonly outputs?: Properties;
}

/** The operations on an object. Values have the program's form. The operations convert them to the API's form. */
export interface Operations {
  create(call: Call, desired: Properties): Promise<Created>;
  /**
   * @param known - the last state
   * @returns the properties on the server; undefined when the object is gone
   */
  read(call: Call, id: string, known: Properties): Promise<Properties | undefined>;
  /** @param before - the last state */
  update(call: Call, id: string, desired: Properties, before: Properties): Promise<void>;
  delete(call: Call, id: string, known: Properties): Promise<void>;
}

/** One resource type: its token, path, properties and operations. */
export interface Row {
  /** Token of the SDK, such as `vault:index/mount:Mount`. */
  readonly type: string;
  /** Path and id of the object. `{name}` is a placeholder for the property `name`. */
  readonly path: string;
  readonly properties: PropertyTable;
  /** Properties of the SDK that this plugin refuses, grouped by the reason. */
  readonly refuses: Readonly<Record<string, readonly string[]>>;
  readonly operations: Operations;
  /** Computes inputs from other inputs, for those that the program does not set. */
  readonly derived?: (inputs: Properties) => Properties;
  /** Checks rules between properties. Called only when each property is valid by itself. */
  readonly validate?: (inputs: Properties) => CheckFailure[];
  /** Whether a change of this property replaces the object, in addition to its trait `replaces`. */
  readonly replacedBy?: (property: string, wanted: Properties, found: Properties) => boolean;
  /**
   * Properties whose values must be unique. If a replacement keeps one, the old and the new object cannot exist
   * together.
   */
  readonly unique?: readonly string[];
}

interface RowParts extends Omit<Row, "refuses"> {
  readonly refuses?: Row["refuses"];
}

/** Reasons to refuse a property of the SDK. */
export const enterpriseOnly = "only Vault Enterprise has it, which Bibind does not use";
export const newerVaultOnly = "OpenBao does not know it";
export const otherDatabase = "this plugin configures PostgreSQL only (property `postgresql`)";

/** Creates a row of the table. Every resource type gets the property `namespace`. */
export function row(parts: RowParts): Row {
  const namespace = text({ replaces: true, field: false, unread: true });
  return { refuses: {}, ...parts, properties: { ...parts.properties, namespace } };
}
