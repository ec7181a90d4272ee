import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { projectFolder } from "../../../sandbox/builds/folders.ts";
import { goTool } from "../../../sandbox/toolchain/go/build.ts";

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    labels: z.record(z.string(), z.string()).default({}),
  }),
});

/** An object of a rendered chart. */
export type Rendered = z.infer<typeof objectSchema>;

async function template(chart: string, values: object) {
  const helm = join(await goTool("helm"), "helm");
  const folder = join(projectFolder, "sandbox", "charts", chart);
  return execa(helm, ["template", "iam", folder, "--namespace", "iam", "--values", "-"], {
    input: JSON.stringify(values),
    reject: false,
  });
}

/** What the real Helm makes of a chart of ours with the given values. */
export async function rendered(chart: string, values: object): Promise<Rendered[]> {
  const { exitCode, stdout, stderr } = await template(chart, values);
  assert.equal(exitCode, 0, stderr);
  return parseAllDocuments(stdout)
    .map((document) => objectSchema.nullable().parse(document.toJS()))
    .filter((object) => object !== null);
}

/** What the real Helm says against the given values. */
export async function refusal(chart: string, values: object): Promise<string> {
  const { exitCode, stderr } = await template(chart, values);
  assert.notEqual(exitCode, 0, `chart ${chart} takes ${JSON.stringify(values)}`);
  return stderr;
}

/** Names of the rendered objects, such as `Deployment hydra`, in alphabetical order. */
export function names(objects: readonly Rendered[]): string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
}

/** The one object of this kind and name. */
export function find(objects: readonly Rendered[], kind: string, name: string): Rendered {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  assert(found !== undefined, `no ${kind} ${name} among ${names(objects).join(", ")}`);
  return found;
}

const probe = z.looseObject({});
const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).default([]),
  env: z
    .array(z.looseObject({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() }))
    .default([]),
  ports: z
    .array(z.object({ name: z.string(), containerPort: z.number(), protocol: z.string().optional() }))
    .default([]),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
  readinessProbe: probe.optional(),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  lifecycle: z.unknown().optional(),
});
const workload = z.object({
  spec: z.looseObject({
    template: z.object({
      metadata: z.object({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()).nullish(),
      }),
      spec: z.looseObject({
        containers: z.tuple([container]),
        initContainers: z.array(container).default([]),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
});

export type Container = z.infer<typeof container>;

/** The template of the pods of a Deployment, StatefulSet or Job. */
export function podOf(object: Rendered): z.infer<typeof workload>["spec"]["template"] {
  return workload.parse(object).spec.template;
}

/** Variables of a container that come from a Secret, as `NAME: SECRET/KEY`. */
export function secretVariables({ env }: Container): string[] {
  const fromSecret = z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) });
  return env.flatMap(({ name, valueFrom }) => {
    const parsed = fromSecret.safeParse(valueFrom);
    return parsed.success ? [`${name}: ${parsed.data.secretKeyRef.name}/${parsed.data.secretKeyRef.key}`] : [];
  });
}
