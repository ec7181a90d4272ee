import { Unknown } from "../../server/values.ts";
import { KubernetesApi } from "../api/client.ts";
import { Discovery } from "../api/discovery.ts";
import { Transport } from "../api/transport.ts";
import {
  connect,
  findKubeconfig,
  type Connection,
  type KubeconfigSource,
} from "../../../../../components/kubernetes/kubeconfig.ts";
import type { Settings } from "./settings.ts";

/** A cluster that can be asked. */
export interface Cluster {
  readonly api: KubernetesApi;
  readonly connection: Connection;
  readonly kubeconfig: KubeconfigSource;
}

/** Where the provider's resources go: its settings, and the cluster as soon as somebody needs it. */
export class Target {
  readonly settings: Settings;
  /** Resources (URN and id) whose old object goes before the new one comes: a preview finds the old one still there. */
  readonly replacing = new Set<string>();
  #cluster: Promise<Cluster> | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** False in a preview whose kubeconfig is still to be made: then nothing can be asked of the cluster. */
  get isKnown(): boolean {
    return !(this.settings.kubeconfig instanceof Unknown);
  }

  /** @throws OperatorError when the kubeconfig is missing or wrong; Error when it is not known yet (see `isKnown`) */
  cluster(): Promise<Cluster> {
    this.#cluster ??= this.#connect();
    return this.#cluster;
  }

  /** Namespace of namespaced objects that name none. */
  async defaultNamespace(): Promise<string> {
    return this.settings.namespace ?? (this.isKnown ? (await this.cluster()).connection.namespace : "default");
  }

  async #connect(): Promise<Cluster> {
    const { kubeconfig: setting, context, cluster, requestTimeoutSeconds } = this.settings;
    if (setting instanceof Unknown) {
      throw new Error("the cluster was asked although its kubeconfig is not known yet");
    }
    const kubeconfig = findKubeconfig(setting);
    const connection = await connect(kubeconfig, { context, cluster });
    const transport = new Transport(connection, requestTimeoutSeconds);
    return { api: new KubernetesApi(transport, new Discovery(transport)), connection, kubeconfig };
  }
}
