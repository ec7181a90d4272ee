import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { build } from "../builds/store.ts";
import { goTool } from "../toolchain/go/build.ts";
import { type ChartSource, chartSources, describeChart } from "./sources.ts";

/** Raised when the steps below change without any of their inputs. */
const stepsVersion = "1";

/** Packs a chart so that the same files are the same archive, byte for byte. */
async function pack(folder: string, repository: string): Promise<void> {
  const { name, version } = await describeChart(folder);
  const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"];
  const archive = join(repository, `${name}-${version}.tar`);
  await execa("tar", ["--create", ...same, "--file", archive, "--directory", dirname(folder), basename(folder)]);
  await execa("gzip", ["--no-name", "--best", archive]);
  await rename(`${archive}.gz`, archive.replace(/\.tar$/, ".tgz"));
}

/** Lets the real Helm list the charts, then takes the time of day out of its list. */
async function writeIndex(helm: string, repository: string): Promise<void> {
  await execa(join(helm, "helm"), ["repo", "index", repository]);
  const file = join(repository, "index.yaml");
  const epoch = new Date(0).toISOString();
  const text = stringify(parse(await readFile(file, "utf8")));
  await writeFile(file, text.replace(/^(\s*(?:created|generated)): .*$/gm, `$1: "${epoch}"`));
}

async function allSources(): Promise<[name: string, source: ChartSource][]> {
  const sources = Object.entries(chartSources);
  return Promise.all(sources.map(async ([name, prepare]): Promise<[string, ChartSource]> => [name, await prepare()]));
}

/**
 * The Helm repository of the sandbox: the charts that the platform asks for, under their published names and versions.
 *
 * @returns a folder of the build store with `index.yaml` and the packed charts
 */
export async function chartRepository(): Promise<string> {
  const [helm, sources] = await Promise.all([goTool("helm"), allSources()]);
  return build({
    name: "chart-repository",
    inputs: {
      helm: basename(helm),
      steps: stepsVersion,
      ...Object.fromEntries(sources.map(([name, { identity }]) => [`chart ${name}`, identity])),
    },
    produce: async (into) => {
      const charts = join(into, ".charts");
      await mkdir(charts);
      for (const [name, { layOut }] of sources) {
        await layOut(join(charts, name));
        await pack(join(charts, name), into);
      }
      await rm(charts, { recursive: true });
      await writeIndex(helm, into);
    },
  });
}
