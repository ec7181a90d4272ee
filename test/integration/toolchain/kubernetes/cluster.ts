import { KubernetesApi } from "../../../../sandbox/toolchain/plugins/kubernetes/api/client.ts";
import { Discovery } from "../../../../sandbox/toolchain/plugins/kubernetes/api/discovery.ts";
import { Transport } from "../../../../sandbox/toolchain/plugins/kubernetes/api/transport.ts";
import type { HttpResponse } from "../../../../sandbox/toolchain/plugins/server/http.ts";
import { connect, findKubeconfig } from "../../../../components/kubernetes/kubeconfig.ts";
import { foundationOutputs, ensureSandboxIsUp } from "../../../support/sandbox.ts";
import type { JsonObject } from "../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

/** The cluster of a test, for reads and changes without the plugin. */
export interface TestCluster {
  readonly kubeconfig: string;
  readonly api: KubernetesApi;
  get(apiVersion: string, kind: string, namespace: string | undefined, name: string): Promise<JsonObject | undefined>;
  /** Sends a merge patch to a path of the API, as `kubectl patch --type=merge` does. */
  patch(path: string, change: JsonObject): Promise<HttpResponse>;
  remove(path: string): Promise<HttpResponse>;
}

/** The sandbox's cluster. Each test uses its own namespace. */
export async function testCluster(): Promise<TestCluster> {
  await ensureSandboxIsUp();
  const { kubeconfig } = await foundationOutputs();
  const transport = new Transport(await connect(findKubeconfig(kubeconfig), {}), 30);
  const api = new KubernetesApi(transport, new Discovery(transport));
  return {
    kubeconfig,
    api,
    get: (apiVersion, kind, namespace, name) => api.get({ apiVersion, kind, namespace, name }),
    patch: (path, change) =>
      transport.send({
        method: "PATCH",
        path,
        query: { fieldManager: "by-hand" },
        contentType: "application/merge-patch+json",
        body: JSON.stringify(change),
      }),
    remove: (path) => transport.send({ method: "DELETE", path }),
  };
}
