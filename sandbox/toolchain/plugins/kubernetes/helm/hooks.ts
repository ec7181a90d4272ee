import type { ResourceContext } from "../../server/plugin.ts";
import type { KubernetesApi } from "../api/client.ts";
import { waitUntilGone } from "../objects/remove.ts";
import { objectsOf, type ReleaseRecord } from "./record.ts";

/** Kinds of hooks that run once, so that their deletion loses nothing. */
const runOnce = ["Job", "Pod"];

/**
 * Deletes the hooks that run, or ran, for a release of an interrupted run. Helm does so itself before it runs a hook, but
 * not when the chart sets another `helm.sh/hook-delete-policy`: it would then refuse to continue, because the Job of the
 * hook already exists.
 */
export async function removeHooks(context: ResourceContext, api: KubernetesApi, release: ReleaseRecord): Promise<void> {
  const hooks = await Promise.all(release.hooks.map(objectsOf));
  for (const { namespace = release.namespace, ...hook } of hooks.flat().filter(({ kind }) => runOnce.includes(kind))) {
    const object = { ...hook, namespace };
    if (await api.remove(object, "Background")) {
      await waitUntilGone(context, api, object, {}, {});
    }
  }
}
