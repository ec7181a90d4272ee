import { z } from "zod";
import type { Rendered } from "./helm.ts";

const securityContext = z.record(z.string(), z.unknown());

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).default([]),
  env: z
    .array(z.looseObject({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() }))
    .nullish(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).nullish(),
  securityContext: securityContext.optional(),
});

/** A container of a pod. */
export type Container = z.infer<typeof container>;

const template = z.looseObject({
  metadata: z.looseObject({
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.looseObject({
    containers: z.tuple([container], container),
    initContainers: z.array(container).nullish(),
    serviceAccountName: z.string().optional(),
    automountServiceAccountToken: z.boolean().optional(),
  }),
});

/** The metadata and the specification of pods. */
export type PodTemplate = z.infer<typeof template>;

const ofWorkload = z.object({ spec: z.object({ template }) });
const ofCronJob = z.object({ spec: z.object({ jobTemplate: ofWorkload }) });

/** Reads the pods that an object of this kind stands for. */
const templateOfKind: Readonly<Record<string, (object: unknown) => PodTemplate>> = {
  Pod: (object) => template.parse(object),
  CronJob: (object) => ofCronJob.parse(object).spec.jobTemplate.spec.template,
  ...Object.fromEntries(
    ["DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"].map((kind) => [
      kind,
      (object: unknown) => ofWorkload.parse(object).spec.template,
    ]),
  ),
};

/** The pods of an object; undefined for one that has none. */
export function podsOf(kind: string, object: unknown): PodTemplate | undefined {
  return templateOfKind[kind]?.(object);
}

/**
 * The pods of a rendered object.
 *
 * @throws Error when its kind has no pods
 */
export function podOf(object: Rendered): PodTemplate {
  const pods = podsOf(object.kind, object);
  if (pods === undefined) {
    throw new Error(`${object.kind} ${object.metadata.name} has no pods`);
  }
  return pods;
}

/** Variables of a container that come from a Secret, as `NAME: SECRET/KEY`. */
export function secretVariables({ env }: Container): string[] {
  const fromSecret = z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) });
  return (env ?? []).flatMap(({ name, valueFrom }) => {
    const parsed = fromSecret.safeParse(valueFrom);
    return parsed.success ? [`${name}: ${parsed.data.secretKeyRef.name}/${parsed.data.secretKeyRef.key}`] : [];
  });
}
