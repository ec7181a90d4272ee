import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Command } from "../commands/command.ts";
import { loadConfig } from "../config.ts";
import { retryingFetch } from "../network/retrying-fetch.ts";
import { vaultSettings } from "../vault/settings.ts";
import { Vault, type StoredSecret } from "../vault/vault.ts";
import { declaredKeys, keyringChange } from "./keys.ts";

/** Configuration of `keyring`. */
export const keyringConfig = z.strictObject({
  vault: vaultSettings,
  /** Path of the secret below the KV mount, such as `iam/hydra`. */
  path: z.string().regex(/^[a-z0-9][-a-z0-9]*(\/[a-z0-9][-a-z0-9]*)+$/, "expected a path such as iam/hydra"),
  keys: declaredKeys,
  /** Number of values of a key that stay readable. */
  keep: z.int().min(1).max(10).default(3),
});

const keyValues = z.record(z.string(), z.string());

function keysIn(stored: StoredSecret, where: string): Record<string, string> {
  const { success, data } = keyValues.safeParse(stored.values ?? {});
  if (!success) {
    throw new OperatorError({
      what: "the secret in Vault is not a keyring: one of its values is not a string",
      where,
      remedy: "restore an older version of the secret, or delete it if no data was written with its keys",
    });
  }
  return data;
}

export const command: Command = {
  name: "keyring",
  summary: "create an application's keys in Vault, once; --rotate adds a new value to each and keeps the previous ones",
  rotates: true,
  async run({ config, rotate }, log) {
    const { vault: settings, path, keys, keep } = await loadConfig(config, keyringConfig);
    const vault = new Vault(settings, retryingFetch());
    const stored = await vault.read(path);
    const change = keyringChange(keysIn(stored, vault.where(path)), keys, { rotate, keep });
    if (change.renewed.length === 0) {
      log.info({ path }, "keyring unchanged");
      return;
    }
    const { version } = await vault.write(path, change.values, stored.version);
    const message = stored.values === undefined ? "keyring created" : "keyring renewed";
    log.info({ path, version, keys: change.renewed }, message);
  },
};
