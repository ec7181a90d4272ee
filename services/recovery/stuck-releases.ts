import { PatchStrategy, setHeaderOptions, type CoreV1Api } from "@kubernetes/client-node";
import { managed } from "../../components/kubernetes/managed.ts";
import { failedPatch, stuckRelease, type StuckRelease } from "./release-record.ts";

/** The label of the platform's namespaces. */
const ownNamespaces = `${managed.label}=${managed.value}`;

/** Helm's records of operations that have begun and not ended. */
const unfinished = "owner=helm,status in (pending-install,pending-upgrade,pending-rollback,uninstalling)";

/**
 * Milliseconds after which no run can still work on a release: Helm waits 300 s for an operation, and as long for the
 * rollback of a failed one (see HelmChart). Five minutes are added.
 */
export const longestOperation = (2 * 300 + 300) * 1000;

/** The releases in the platform's namespaces on which a run works, or on which a killed run worked. */
export async function stuckReleases(api: CoreV1Api): Promise<StuckRelease[]> {
  const namespaces = await api.listNamespace({ labelSelector: ownNamespaces });
  const lists = await Promise.all(
    namespaces.items.map(({ metadata }) =>
      api.listNamespacedSecret({ namespace: metadata?.name ?? "", labelSelector: unfinished }),
    ),
  );
  return lists.flatMap(({ items }) => items.map(stuckRelease));
}

/** Whether a run can still work on the release. @param now - milliseconds since 1970 */
export function canBeAlive({ writtenAt }: StuckRelease, now: number): boolean {
  return now - writtenAt < longestOperation;
}

/**
 * Lets the next `pulumi up` or `pulumi destroy` go on with a release. It fails if somebody changed the record meanwhile.
 *
 * The record of an unfinished install, upgrade or rollback is deleted: the revision before it is then the latest one. A
 * removal has no such revision, so its record becomes that of a failed release.
 *
 * @returns what was done, for people
 */
export async function unstick(api: CoreV1Api, release: StuckRelease): Promise<string> {
  const { name, namespace, resourceVersion } = release.record;
  if (release.status === "uninstalling") {
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    await api.patchNamespacedSecret({ name, namespace, body: failedPatch(release) }, merge);
    return `${release.title}: marked as failed, so that it can be upgraded or removed`;
  }
  await api.deleteNamespacedSecret({ name, namespace, body: { preconditions: { resourceVersion } } });
  return `${release.title}: the record of this revision is deleted, so that the release can be installed or upgraded`;
}
