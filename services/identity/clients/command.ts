import { z } from "zod";
import type { Command } from "../commands/command.ts";
import { loadConfig } from "../config.ts";
import { hydraAdmin, hydraSettings } from "../hydra/hydra.ts";
import { patientFetch } from "../network/patient-fetch.ts";
import { vaultSettings } from "../vault/settings.ts";
import { Vault } from "../vault/vault.ts";
import { declaredClients } from "./declared.ts";
import { HydraClients } from "./hydra-clients.ts";
import { reconcile } from "./reconcile.ts";
import { configureVaultSignIn, vaultSignIn } from "./vault-sign-in.ts";

/** Configuration of `reconcile-clients`. */
export const clientsConfig = z
  .strictObject({
    hydra: hydraSettings,
    vault: vaultSettings,
    clients: declaredClients,
    /** Default: people do not sign in to Vault. */
    signIn: vaultSignIn.optional(),
  })
  .refine(
    ({ clients, signIn }) => signIn === undefined || clients.some(({ clientId }) => clientId === signIn.clientId),
    {
      path: ["signIn", "clientId"],
      error: "expected one of the declared clients",
    },
  );

export const command: Command = {
  name: "reconcile-clients",
  summary: "make Hydra hold exactly the declared OAuth2 clients, with their secrets from Vault",
  rotates: false,
  async run({ config }, log) {
    const settings = await loadConfig(config, clientsConfig);
    const fetch = patientFetch();
    const vault = await Vault.login(settings.vault, fetch);
    const hydra = new HydraClients(hydraAdmin(settings.hydra, fetch), settings.hydra);
    const summary = await reconcile(settings.clients, { vault, hydra, log });
    if (settings.signIn !== undefined) {
      await configureVaultSignIn(settings.signIn, settings.clients, vault);
    }
    log.info(summary, "clients reconciled");
  },
};
