import assert from "node:assert/strict";
import { z } from "zod";
import { layers } from "../../stacks/layers.ts";
import { deployPlatform } from "../../stacks/platform.ts";
import { settingsOf, type Environment } from "./environments.ts";
import { record, type RecordedResource } from "./mocks.ts";
import { noSession } from "./vault-session.ts";

const release = z.object({
  name: z.string(),
  namespace: z.string(),
  chart: z.string(),
  values: z.record(z.string(), z.unknown()),
});

/** A Helm release with the values that the program passes to its chart. */
export type Release = z.infer<typeof release>;

/** The releases among the resources of a program. */
export function releasesOf(resources: readonly RecordedResource[]): Release[] {
  return resources
    .filter(({ type }) => type === "kubernetes:helm.sh/v3:Release")
    .map(({ inputs }) => release.parse(inputs));
}

const recordings = new Map<Environment, Promise<readonly RecordedResource[]>>();

/** Every resource that the program registers in a committed environment. No test changes them, so tests share them. */
export function resourcesOf(environment: Environment): Promise<readonly RecordedResource[]> {
  const known = recordings.get(environment);
  const resources =
    known ?? record(() => deployPlatform(settingsOf(environment), noSession, layers)).then((made) => made.resources);
  recordings.set(environment, resources);
  return resources;
}

/** The release of a chart in the sandbox. */
export async function sandboxRelease(chart: string): Promise<Release> {
  const found = releasesOf(await resourcesOf("sandbox")).find((each) => each.chart === chart);
  assert(found !== undefined, `the sandbox has no release of ${chart}`);
  return found;
}
