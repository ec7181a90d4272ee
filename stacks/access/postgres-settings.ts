import { z } from "zod";
import { wholeNumber } from "../settings/values.ts";

const settings = z.strictObject({
  instances: wholeNumber(1, 5).default(1).describe("Servers: one primary, the others standby. Changed in place."),
  storageGiB: wholeNumber(1, 16384)
    .default(5)
    .describe("Volume of each server in GiB. It cannot be changed later, because the storage class expands no volume."),
  rotationHours: wholeNumber(1, 8760)
    .default(24)
    .describe("Hours after which each application gets another user of its database. Changed in place."),
});

/** Settings of the PostgreSQL cluster of a layer. */
export const postgresSettings = settings.prefault({}).describe("PostgreSQL cluster of the layer.");

export type PostgresSettings = z.output<typeof settings>;
