import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { chartRepository } from "../../../sandbox/charts/build.ts";
import { goTool } from "../../../sandbox/toolchain/go/build.ts";
import { charts, type ChartPin } from "../../../stacks/versions.ts";
import type { Release } from "../../support/releases.ts";

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
});

/** An object of a rendered chart. */
export type Rendered = z.infer<typeof objectSchema>;

/** Arguments by which `helm template` finds the chart of a release. */
export type ChartSource = (release: Release) => Promise<readonly string[]>;

/** The published chart that a release asks for. */
export function pinOf({ chart }: Release): ChartPin {
  const pin = Object.values(charts).find((each) => each.chart === chart);
  assert(pin !== undefined, `stacks/versions.ts has no chart ${chart}`);
  return pin;
}

let repository: Promise<string> | undefined;

/** The packed chart, as the sandbox serves it. */
const sandboxChart: ChartSource = async (release) => {
  const { chart, version } = pinOf(release);
  repository ??= chartRepository();
  return [join(await repository, `${chart}-${version}.tgz`)];
};

async function template(release: Release, source: ChartSource) {
  const helm = join(await goTool("helm"), "helm");
  const { name, namespace, values } = release;
  return execa(helm, ["template", name, ...(await source(release)), "--namespace", namespace, "--values", "-"], {
    input: JSON.stringify(values),
    reject: false,
  });
}

/** The objects that the real Helm creates for a release, with those of hooks. Default source: the sandbox's chart. */
export async function rendered(release: Release, source = sandboxChart): Promise<Rendered[]> {
  const { exitCode, stdout, stderr } = await template(release, source);
  assert.equal(exitCode, 0, stderr);
  return parseAllDocuments(stdout)
    .map((document) => objectSchema.nullable().parse(document.toJS()))
    .filter((object) => object !== null);
}

/** The message by which the real Helm refuses the values of a release. */
export async function refusal(release: Release): Promise<string> {
  const { exitCode, stderr } = await template(release, sandboxChart);
  assert.notEqual(exitCode, 0, `the chart ${release.chart} accepts ${JSON.stringify(release.values)}`);
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

/** Files of a ConfigMap, by their names. */
export function filesOf(objects: readonly Rendered[], name: string): Record<string, string> {
  return z.object({ data: z.record(z.string(), z.string()) }).parse(find(objects, "ConfigMap", name)).data;
}

const map = z.record(z.string(), z.unknown());

function changed(values: unknown, [key = "", ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  const known = map.parse(values ?? {});
  return { ...known, [key]: rest.length === 0 ? value : changed(known[key], rest, value) };
}

/** A release with another value at a path such as `deployment.extraEnv`. */
export function withValue(release: Release, path: string, value: unknown): Release {
  return { ...release, values: changed(release.values, path.split("."), value) };
}
