import type { Command } from "../commands/command.ts";
import { loadConfig } from "../config.ts";
import { KubernetesApi } from "../kubernetes/api.ts";
import { retryingFetch } from "../network/retrying-fetch.ts";
import { trust } from "../network/trust.ts";
import { vaultInitConfig } from "./config.ts";
import { initialiseVault } from "./initialisation.ts";
import { KubernetesSecret } from "./kubernetes-secret.ts";
import { NewVault } from "./new-vault.ts";

/** Vault makes its keys within seconds. An answer that comes after the timeout is lost, so this one is long. */
const slowFetch = retryingFetch({ milliseconds: 60_000, pauseMilliseconds: 200, timeoutMilliseconds: 180_000 });

export const command: Command = {
  name: "init-vault",
  summary: "initialise HashiCorp Vault once, save its recovery keys in a Secret, and revoke its root token",
  rotates: false,
  async run(options, log) {
    const config = await loadConfig(options.config, vaultInitConfig);
    await trust(config.kubernetes.caFile, "kubernetes.caFile");
    const fetch = retryingFetch();
    const secret = new KubernetesSecret(config.secret, new KubernetesApi(config.kubernetes, fetch));
    await initialiseVault(config, { vault: new NewVault(config.address, fetch, slowFetch), secret, log });
  },
};
