import type { Row } from "../schema/row.ts";
import { databaseRows } from "./database.ts";
import { mountRows } from "./mounts.ts";
import { pkiRows } from "./pki.ts";
import { roleRows } from "./roles.ts";
import { secretRows } from "./secrets.ts";

/** Every resource type of this plugin, by its token. */
export const rows: ReadonlyMap<string, Row> = new Map(
  [...mountRows, ...secretRows, ...databaseRows, ...roleRows, ...pkiRows].map((row) => [row.type, row]),
);

/**
 * Outputs that are secret regardless of the program: those that the SDK declares secret, and blocks that contain one.
 */
export function secretsOf(row: Row): string[] {
  return Object.entries(row.properties).flatMap(([name, { secret }]) => (secret === true ? [name] : []));
}
