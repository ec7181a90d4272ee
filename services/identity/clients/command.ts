import { z } from "zod";
import type { Command } from "../commands/command.ts";
import { loadConfig } from "../config.ts";
import { serveHealth } from "../health.ts";
import { hydraAdmin, hydraSettings } from "../hydra/hydra.ts";
import { KubernetesApi } from "../kubernetes/api.ts";
import { kubernetesSettings } from "../kubernetes/settings.ts";
import { retryingFetch } from "../network/retrying-fetch.ts";
import { trust } from "../network/trust.ts";
import { vaultSettings } from "../vault/settings.ts";
import { Vault } from "../vault/vault.ts";
import { Controller } from "./controller.ts";
import { OAuthClients } from "./oauth-clients.ts";
import { HydraClients } from "./hydra-clients.ts";
import { Reconciler } from "./reconciler.ts";
import { vaultSignIn } from "./vault-sign-in.ts";

/** Configuration of `serve-clients`. */
export const clientsConfig = z.strictObject({
  hydra: hydraSettings,
  vault: vaultSettings,
  kubernetes: kubernetesSettings,
  /** Port of `/health/alive` and `/health/ready`, over HTTP on all addresses. */
  healthPort: z.int().min(1).max(65535).default(8080),
  /** Seconds between two reconciliations of everything. */
  resyncSeconds: z.int().min(1).default(600),
  /** Default: people do not sign in to Vault. */
  signIn: vaultSignIn.optional(),
});

/** The work queue retries after longer pauses, so one request is retried for a short time only. */
const shortRetries = { milliseconds: 2000, pauseMilliseconds: 200 };

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => stop.abort());
  }
  return stop.signal;
}

/**
 * The controller of the OAuthClients. Only one replica may run: two replicas could give one client to two OAuthClients.
 *
 * Its service account needs, in the whole cluster: get, list, watch and patch of `oauthclients.bibind.com`, and patch of
 * `oauthclients.bibind.com/status`. Its policy in Vault needs: create, read and update of `kv/data/oauth/+/+`, delete of
 * `kv/metadata/oauth/+/+`, and, when people sign in to Vault, create and update of `auth/oidc/config`.
 */
export const command: Command = {
  name: "serve-clients",
  summary: "reconcile the OAuth2 clients that OAuthClients declare with Hydra and Vault, until SIGTERM",
  rotates: false,
  async run({ config: file }, log) {
    const config = await loadConfig(file, clientsConfig);
    await trust(config.kubernetes.caFile, "kubernetes.caFile");
    // Only this command needs the Kubernetes client, which takes long to load.
    const { watchOAuthClients } = await import("./informer.ts");
    const fetch = retryingFetch(shortRetries);
    const hydra = new HydraClients(hydraAdmin(config.hydra, fetch), config.hydra);
    const resources = new OAuthClients(new KubernetesApi(config.kubernetes, fetch));
    const vault = new Vault(config.vault, fetch);
    const reconciler = new Reconciler({ vault, hydra, log, signIn: config.signIn });
    const controller = new Controller({ resources, hydra, reconciler, log });
    const signal = stopSignal();
    const health = await serveHealth(config.healthPort, () => controller.isReady);
    watchOAuthClients(
      config.kubernetes,
      resources,
      {
        onChange: (resource) => controller.changed(resource),
        onError: (reason) => log.warn({ reason }, "the watch of OAuthClients failed and starts again"),
      },
      signal,
    );
    await controller.run(config.resyncSeconds, signal);
    health.closeAllConnections();
    health.close();
    log.info("stopped");
  },
};
