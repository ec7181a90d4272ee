import type { ResourceContext } from "../../server/plugin.ts";
import type { KubernetesApi } from "../api/client.ts";
import { waitUntilGone } from "../objects/remove.ts";
import { objectsOf, type ReleaseRecord } from "./record.ts";

/** Kinds of hooks that run once. Their deletion loses no data. */
const runOnceKinds = ["Job", "Pod"];

/**
 * Deletes the hooks that an interrupted run started for a release. By default Helm deletes an old hook before it runs
 * it again. When the chart sets another `helm.sh/hook-delete-policy`, Helm would fail because the hook's Job already
 * exists.
 */
export async function removeHooks(context: ResourceContext, api: KubernetesApi, release: ReleaseRecord): Promise<void> {
  const hooks = await Promise.all(release.hooks.map(objectsOf));
  for (const { namespace = release.namespace, ...hook } of hooks
    .flat()
    .filter(({ kind }) => runOnceKinds.includes(kind))) {
    const object = { ...hook, namespace };
    if (await api.remove(object, "Background")) {
      await waitUntilGone(context, api, object, {}, {});
    }
  }
}
