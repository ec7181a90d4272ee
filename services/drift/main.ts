/**
 * Compares what a stack declares with what its cluster holds, field by field, and names who changed it. The vendor's
 * Kubernetes plugin does not see what another field manager changed, neither in an update nor in a refresh.
 *
 * It reads the state of the stack from standard input: see `make drift`. With `--put-back` it makes everything as declared
 * again. Its exit status is 0 without a difference, 2 with one, 1 when it could not compare or put back.
 */
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { ApiRefusal, Cluster } from "./cluster.ts";
import { driftOf, titleOf, type ObjectDrift } from "./object-drift.ts";
import { putBack } from "./put-back.ts";
import { objectsOf } from "./releases.ts";
import { reportOf } from "./report.ts";
import { declaredClusters, type DeclaredCluster, type DeclaredObject, type DeclaredRelease } from "./state.ts";

const statuses = { same: 0, failed: 1, different: 2 } as const;

/** Requests that one cluster answers at a time. */
const atOnce = 8;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const complain = (line: string): boolean => process.stderr.write(`${line}\n`);

/** Applies a function to every item, a few at a time. The results have the order of the items. */
async function mapped<T, R>(items: readonly T[], convert: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(convert))));
  }
  return results;
}

/** The objects of every release that is deployed, and those releases that are not: only Pulumi can deploy them again. */
async function releasedObjects(
  cluster: Cluster,
  releases: readonly DeclaredRelease[],
): Promise<{ readonly objects: readonly DeclaredObject[]; readonly missing: readonly DeclaredRelease[] }> {
  const found = await mapped(releases, (release) => objectsOf(cluster, release));
  return {
    objects: found.flatMap((objects) => objects ?? []),
    missing: releases.filter((_, index) => found[index] === undefined),
  };
}

/** Puts every object back. @returns whether all are */
async function allPutBack(cluster: Cluster, drifts: readonly ObjectDrift[]): Promise<boolean> {
  let succeeded = true;
  for (const drift of drifts) {
    try {
      await putBack(cluster, drift);
      say(`${titleOf(drift.object)} is put back`);
    } catch (error) {
      if (!(error instanceof OperatorError)) {
        throw error;
      }
      complain(error.message);
      succeeded = false;
    }
  }
  return succeeded;
}

/** Compares everything in a cluster. @returns the exit status */
async function compare(declared: DeclaredCluster, isPutBack: boolean): Promise<number> {
  const cluster = await Cluster.of(declared.kubeconfig);
  const released = await releasedObjects(cluster, declared.releases);
  const objects = [...declared.objects, ...released.objects];
  const drifts = (await mapped(objects, (object) => driftOf(cluster, object))).filter((drift) => drift !== undefined);
  for (const { namespace, name } of released.missing) {
    say(`${namespace}/Release ${name}\n  has no deployed revision; run pulumi up`);
  }
  drifts.forEach((drift) => process.stdout.write(reportOf(drift)));
  say(`${drifts.length} of ${objects.length} objects are not as declared`);
  const succeeded = !isPutBack || (await allPutBack(cluster, drifts));
  const isSame = released.missing.length === 0 && (isPutBack || drifts.length === 0);
  return succeeded ? (isSame ? statuses.same : statuses.different) : statuses.failed;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { "put-back": { type: "boolean", default: false } } });
  const clusters = declaredClusters(await text(process.stdin));
  const found = [];
  for (const cluster of clusters) {
    found.push(await compare(cluster, values["put-back"]));
  }
  return found.includes(statuses.failed) ? statuses.failed : Math.max(statuses.same, ...found);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof OperatorError || error instanceof ApiRefusal)) {
    throw error;
  }
  complain(error.message);
  process.exitCode = statuses.failed;
}
