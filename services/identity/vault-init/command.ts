import type { Command } from "../commands/command.ts";
import { loadConfig } from "../config.ts";
import { KubernetesApi } from "../kubernetes/api.ts";
import { patientFetch } from "../network/patient-fetch.ts";
import { trust } from "../network/trust.ts";
import { vaultInitConfig } from "./config.ts";
import { bringAbout } from "./initialisation.ts";
import { KubernetesSecret } from "./kubernetes-secret.ts";
import { NewVault } from "./new-vault.ts";

/** Vault makes its keys within seconds; an answer given up too soon would be lost for ever. */
const slowFetch = patientFetch({ milliseconds: 60_000, pauseMilliseconds: 200, silenceMilliseconds: 180_000 });

export const command: Command = {
  name: "init-vault",
  summary: "initialise HashiCorp Vault once, keep its recovery keys in a Secret, and revoke its root token",
  rotates: false,
  async run(options, log) {
    const config = await loadConfig(options.config, vaultInitConfig);
    await trust(config.kubernetes.caFile, "kubernetes.caFile");
    const fetch = patientFetch();
    const secret = new KubernetesSecret(config.secret, new KubernetesApi(config.kubernetes, fetch));
    await bringAbout(config, { vault: new NewVault(config.address, fetch, slowFetch), secret, log });
  },
};
