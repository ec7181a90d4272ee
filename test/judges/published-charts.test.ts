import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { find, names, pinOf, rendered, type ChartSource, type Rendered } from "../integration/charts/helm.ts";
import { environments } from "../support/environments.ts";
import { releasesOf, resourcesOf } from "../support/releases.ts";

/** A folder with the unpacked published charts, for a machine that cannot reach their repositories. */
const folder = process.env.PUBLISHED_CHARTS;

const publishedChart: ChartSource = (release) => {
  const { chart, repository, version } = pinOf(release);
  const place = folder === undefined ? [chart, "--repo", repository, "--version", version] : [join(folder, chart)];
  return Promise.resolve(place);
};

/** Charts that the sandbox imitates. It serves the others as they are. */
const imitated = ["cloudnative-pg", "hydra", "kratos", "openbao"];

const map = z.record(z.string(), z.unknown());
const rule = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).default([""]),
  verbs: z.array(z.string()),
});

/** What the rules of a role allow, however they are grouped. */
function permissions(rules: unknown): string[] {
  const each = z.array(rule).parse(rules);
  return each
    .flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          resourceNames.flatMap((name) => verbs.map((verb) => `${verb} ${group}/${resource} ${name}`)),
        ),
      ),
    )
    .sort();
}

/** A value without what Kubernetes ignores: empty maps and lists, and the order of webhooks. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map(normal);
  }
  if (typeof value !== "object" || value === null) {
    return value ?? undefined;
  }
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, key.startsWith("checksum/") ? "checksum" : normal(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function byName(list: unknown): unknown {
  const named = z.array(z.looseObject({ name: z.string() })).parse(list);
  return named.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function comparable(object: Rendered): unknown {
  const { rules, webhooks, ...rest } = map.parse(normal(object));
  return {
    ...rest,
    ...(rules === undefined ? {} : { rules: permissions(rules) }),
    ...(webhooks === undefined ? {} : { webhooks: byName(webhooks) }),
  };
}

/** The start script of OpenBao is another text with the same effect, and is left out. */
function withoutStartScript(chart: string, compared: unknown): unknown {
  return chart !== "openbao"
    ? compared
    : JSON.parse(JSON.stringify(compared, (key, value: unknown) => (key === "args" ? undefined : value)));
}

/** Pods that only `helm test` starts. */
function isTest({ metadata }: Rendered): boolean {
  return (metadata.annotations?.["helm.sh/hook"] ?? "").startsWith("test");
}

describe("the imitation of the published chart", function () {
  this.timeout(600_000);

  for (const environment of environments) {
    for (const chart of imitated) {
      it(`${chart} renders the same objects in the environment ${environment}`, async () => {
        const release = releasesOf(await resourcesOf(environment)).find((each) => each.chart === chart);
        assert(release !== undefined, `the environment ${environment} has no release of ${chart}`);
        const published = (await rendered(release, publishedChart)).filter((object) => !isTest(object));
        const imitation = await rendered(release);
        assert.deepEqual(names(imitation), names(published));
        for (const object of published) {
          const other = find(imitation, object.kind, object.metadata.name);
          assert.deepEqual(
            withoutStartScript(chart, comparable(other)),
            withoutStartScript(chart, comparable(object)),
            `${object.kind} ${object.metadata.name}`,
          );
        }
      });
    }
  }
});
