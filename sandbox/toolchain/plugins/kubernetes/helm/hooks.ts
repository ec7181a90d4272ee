import type { ResourceContext } from "../../server/plugin.ts";
import type { KubernetesApi } from "../api/client.ts";
import { waitUntilGone } from "../objects/remove.ts";
import { objectsOf, type ReleaseRecord } from "./record.ts";

/** Kinds of hooks that run once: they hold nothing that a later run could miss. */
const programs = ["Job", "Pod"];

/**
 * Removes what runs, or ran, for a release that a killed run left in the middle. Helm itself does so before it runs a
 * hook, but not for a chart that asks for another `helm.sh/hook-delete-policy`: then it would find its own Job there and
 * refuse to go on, every time.
 */
export async function removeHookPrograms(
  context: ResourceContext,
  api: KubernetesApi,
  release: ReleaseRecord,
): Promise<void> {
  const hooks = await Promise.all(release.hooks.map(objectsOf));
  for (const { namespace = release.namespace, ...hook } of hooks.flat().filter(({ kind }) => programs.includes(kind))) {
    const object = { ...hook, namespace };
    if (await api.remove(object, "Background")) {
      await waitUntilGone(context, api, object, {}, {});
    }
  }
}
