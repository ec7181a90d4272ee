import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Command } from "../commands/command.ts";
import { loadConfig } from "../config.ts";
import { patientFetch } from "../network/patient-fetch.ts";
import { vaultSettings } from "../vault/settings.ts";
import { Vault, type StoredSecret } from "../vault/vault.ts";
import { declaredKeys, renewed } from "./keys.ts";

/** Configuration of `keyring`. */
export const keyringConfig = z.strictObject({
  vault: vaultSettings,
  /** Path of the secret below the KV mount, such as `iam/hydra`. */
  path: z.string().regex(/^[a-z0-9][-a-z0-9]*(\/[a-z0-9][-a-z0-9]*)+$/, "expected a path such as iam/hydra"),
  keys: declaredKeys,
  /** How many values of a key stay readable. */
  keep: z.int().min(1).max(10).default(3),
});

const keyValues = z.record(z.string(), z.string());

function heldKeys(stored: StoredSecret, place: string): Record<string, string> {
  const { success, data } = keyValues.safeParse(stored.values ?? {});
  if (!success) {
    throw new OperatorError({
      what: "what Vault holds is not a keyring: a value is not a text",
      where: place,
      remedy: "restore an older version of the secret, or delete it if nothing was written with its keys",
    });
  }
  return data;
}

export const command: Command = {
  name: "keyring",
  summary: "make an application's own keys in Vault, once; --rotate puts a new one first and keeps the former",
  rotates: true,
  async run({ config, rotate }, log) {
    const { vault: settings, path, keys, keep } = await loadConfig(config, keyringConfig);
    const vault = new Vault(settings, patientFetch());
    const stored = await vault.read(path);
    const change = renewed(heldKeys(stored, vault.where(path)), keys, { rotate, keep });
    if (change.renewed.length === 0) {
      log.info({ path }, "keyring unchanged");
      return;
    }
    const { version } = await vault.write(path, change.values, stored.version);
    log.info({ path, version, keys: change.renewed }, stored.values === undefined ? "keyring made" : "keyring renewed");
  },
};
