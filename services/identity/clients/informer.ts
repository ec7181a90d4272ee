import { ListWatch } from "@kubernetes/client-node/dist/cache.js";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { Watch } from "@kubernetes/client-node/dist/watch.js";
import type { KubernetesObject } from "@kubernetes/client-node/dist/types.js";
import type { KubernetesSettings } from "../kubernetes/settings.ts";
import { collectionPath, oauthClient, type OAuthClient, type OAuthClients } from "./oauth-clients.ts";

/** Pause before a watch that failed starts again. */
const restartMilliseconds = 1000;

export interface Listeners {
  readonly onChange: (resource: OAuthClient) => void;
  /** Called when the watch fails; it starts again by itself. */
  readonly onError: (reason: string) => void;
}

function kubeConfig({ server, tokenFile, caFile }: KubernetesSettings): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "cluster", server: server.replace(/\/+$/, ""), caFile, skipTLSVerify: false },
    { name: "pod", authProvider: { name: "tokenFile", config: { tokenFile } } },
  );
  return config;
}

/** Lists and watches the OAuthClients of all namespaces until the signal aborts. */
export function watchOAuthClients(
  settings: KubernetesSettings,
  resources: OAuthClients,
  { onChange, onError }: Listeners,
  signal: AbortSignal,
): void {
  const watch = new Watch(kubeConfig(settings));
  const informer = new ListWatch<KubernetesObject>(collectionPath, watch, () => resources.list(), false);
  const start = (): void => {
    if (!signal.aborted) {
      informer.start().catch(fail);
    }
  };
  const fail = (error: unknown): void => {
    if (!signal.aborted) {
      onError(error instanceof Error ? error.message : String(error));
      setTimeout(start, restartMilliseconds).unref();
    }
  };
  informer.on("change", (object) => {
    const { success, data } = oauthClient.safeParse(object);
    if (success) {
      onChange(data);
    }
  });
  informer.on("error", fail);
  signal.addEventListener("abort", () => void informer.stop());
  start();
}
