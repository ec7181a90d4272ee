import { databaseRows } from "./database.ts";
import { mountRows } from "./mounts.ts";
import { pkiRows } from "./pki.ts";
import { roleRows } from "./roles.ts";
import type { Row } from "../schema/row.ts";
import { secretRows } from "./secrets.ts";

/** Every resource type that this plugin has. */
export const rows: readonly Row[] = [...mountRows, ...secretRows, ...databaseRows, ...roleRows, ...pkiRows];

const byType = new Map(rows.map((row) => [row.type, row]));

export function rowOf(type: string): Row | undefined {
  return byType.get(type);
}

/** Outputs of a row that are secret whatever the program says: those of the SDK, and blocks that hold one. */
export function secretsOf(row: Row): string[] {
  return Object.entries(row.properties).flatMap(([name, { secret }]) => (secret === true ? [name] : []));
}
