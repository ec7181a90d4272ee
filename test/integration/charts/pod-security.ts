import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { goTool } from "../../../sandbox/toolchain/go/build.ts";
import type { RecordedResource } from "../../support/mocks.ts";
import { releasesOf } from "../../support/releases.ts";
import { rendered } from "./helm.ts";
import { podsOf, type PodTemplate } from "./pods.ts";

/** Pods, and the Pod Security level of their namespace. */
export interface LeveledPods {
  readonly level: string;
  readonly template: PodTemplate;
}

/** Pods of one object of the platform. */
export interface PlatformPods extends LeveledPods {
  /** Such as `Deployment iam/hydra`. */
  readonly object: string;
}

const namespaceInputs = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
});

/** The level of each namespace that a program registers. Kubernetes' default is `privileged`. */
function levelsOf(resources: readonly RecordedResource[]): ReadonlyMap<string, string> {
  const namespaces = resources.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
  return new Map(
    namespaces.map(({ inputs }) => {
      const { name, labels } = namespaceInputs.parse(inputs).metadata;
      return [name, labels["pod-security.kubernetes.io/enforce"] ?? "privileged"];
    }),
  );
}

interface Found {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** The object in Kubernetes' own form. */
  readonly object: unknown;
}

/** The objects of the charts of every release, with those of hooks. */
async function chartObjects(resources: readonly RecordedResource[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const release of releasesOf(resources)) {
    const { namespace } = release;
    const objects = await rendered(release);
    found.push(...objects.map((object) => ({ kind: object.kind, name: object.metadata.name, namespace, object })));
  }
  return found;
}

const metadata = z.object({ name: z.string().default(""), namespace: z.string().default("") });

/** The Kubernetes objects that the program registers itself. */
function ownObjects(resources: readonly RecordedResource[]): Found[] {
  return resources.flatMap(({ type, inputs }) => {
    const [, kind] = /^kubernetes:.*:(\w+)$/.exec(type) ?? [];
    return kind === undefined ? [] : [{ kind, ...metadata.parse(inputs["metadata"] ?? {}), object: inputs }];
  });
}

/**
 * Every pod of a program, except those that operators create.
 *
 * @throws Error when a pod is in a namespace that the program does not register
 */
export async function podsOfProgram(resources: readonly RecordedResource[]): Promise<PlatformPods[]> {
  const levels = levelsOf(resources);
  return [...(await chartObjects(resources)), ...ownObjects(resources)].flatMap(({ kind, name, namespace, object }) => {
    const template = podsOf(kind, object);
    if (template === undefined) {
      return [];
    }
    const level = levels.get(namespace);
    assert(level !== undefined, `the program does not register the namespace ${namespace} of ${kind} ${name}`);
    return [{ object: `${kind} ${namespace}/${name}`, level, template }];
  });
}

/**
 * Why Kubernetes' own checks refuse pods, in the order of the pods. The text is empty for accepted pods.
 *
 * @throws Error when a level is unknown, or a pod has a field that Kubernetes does not have
 */
export async function refusals(pods: readonly LeveledPods[]): Promise<string[]> {
  const program = join(await goTool("pod-security"), "pod-security");
  const input = JSON.stringify(pods.map(({ level, template }) => ({ level, template })));
  const { stdout } = await execa(program, { input });
  return z.array(z.string()).length(pods.length).parse(JSON.parse(stdout));
}
