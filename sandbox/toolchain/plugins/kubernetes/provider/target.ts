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

/** A connected cluster. */
export interface Cluster {
  readonly api: KubernetesApi;
  readonly connection: Connection;
  readonly kubeconfig: KubeconfigSource;
}

/** The provider's settings and its cluster, which is connected on first use. */
export class Target {
  readonly settings: Settings;
  /**
   * Resources (URN and id) that delete their old object before they create the new one. A preview still finds the old
   * object.
   */
  readonly replacing = new Set<string>();
  #cluster: Promise<Cluster> | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** False in a preview while the kubeconfig is unknown. Then there is no connection to the cluster. */
  get isKnown(): boolean {
    return !(this.settings.kubeconfig instanceof Unknown);
  }

  /** @throws OperatorError when the kubeconfig is missing or invalid; Error when it is unknown (see `isKnown`) */
  cluster(): Promise<Cluster> {
    this.#cluster ??= this.#connect();
    return this.#cluster;
  }

  /** The namespace of objects that need one and do not set it. */
  async defaultNamespace(): Promise<string> {
    return this.settings.namespace ?? (this.isKnown ? (await this.cluster()).connection.namespace : "default");
  }

  async #connect(): Promise<Cluster> {
    const { kubeconfig: setting, context, cluster, requestTimeoutSeconds } = this.settings;
    if (setting instanceof Unknown) {
      throw new Error("a request to the cluster was attempted while its kubeconfig is unknown");
    }
    const kubeconfig = findKubeconfig(setting);
    const connection = await connect(kubeconfig, { context, cluster });
    const transport = new Transport(connection, requestTimeoutSeconds);
    return { api: new KubernetesApi(transport, new Discovery(transport)), connection, kubeconfig };
  }
}
