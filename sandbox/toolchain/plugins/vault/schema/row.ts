import type { CheckFailure, ResourceContext } from "../../server/plugin.ts";
import type { Properties } from "../../server/values.ts";
import type { Vault } from "../server/vault.ts";
import { text, type PropertyTable } from "./property.ts";

/** What an operation on one object needs. */
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

/** The operations on an object. Values are in the program's form; an operation maps them to the API. */
export interface Operations {
  create(call: Call, desired: Properties): Promise<Created>;
  /**
   * @param known - the last state
   * @returns what the server has; undefined when the object is gone
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
  /** Path and id of the object. `{name}` stands for the property. */
  readonly path: string;
  readonly properties: PropertyTable;
  /** Properties of the SDK that this plugin refuses, by the reason. */
  readonly refuses: Readonly<Record<string, readonly string[]>>;
  readonly operations: Operations;
  /** Inputs that follow from other inputs when the program does not set them. */
  readonly derived?: (inputs: Properties) => Properties;
  /** Rules between properties, for known values. */
  readonly validate?: (inputs: Properties) => CheckFailure[];
  /** Whether a change of this property replaces the object although its traits do not say so. */
  readonly replacedBy?: (property: string, wanted: Properties, found: Properties) => boolean;
  /** Properties that must be unique. Unchanged in a replacement, they rule out that both objects exist at once. */
  readonly unique?: readonly string[];
}

interface RowParts extends Omit<Row, "refuses"> {
  readonly refuses?: Row["refuses"];
}

/** Reasons to refuse a property of the SDK. */
export const enterpriseOnly = "only Vault Enterprise has it, which Bibind does not use";
export const newerVaultOnly = "OpenBao does not know it";
export const otherDatabase = "this plugin configures PostgreSQL only (property `postgresql`)";

/** A row of the table. Every resource type has the property `namespace`. */
export function row(parts: RowParts): Row {
  const namespace = text({ replaces: true, field: false, unread: true });
  return { refuses: {}, ...parts, properties: { ...parts.properties, namespace } };
}
