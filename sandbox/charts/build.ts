import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { build } from "../builds/store.ts";
import { folderContent } from "../images/folder-content.ts";
import { goModuleFolder, goTool } from "../toolchain/go/build.ts";
import { splitManifest } from "./module-manifest.ts";
import { strictSchema } from "./values-schema.ts";

/** Raised when the steps below change without any of their inputs. */
const stepsVersion = "1";

const ours = join(import.meta.dirname, "cloudnative-pg");
const chartSchema = z.looseObject({ name: z.string(), version: z.string(), appVersion: z.string() });

async function readYaml(file: string): Promise<unknown> {
  return parse(await readFile(file, "utf8"));
}

async function describeChart(folder: string): Promise<z.infer<typeof chartSchema>> {
  return chartSchema.parse(await readYaml(join(folder, "Chart.yaml")));
}

/** Our chart with the parts that come from the operator's module. */
async function layOutCloudNativePg(module: string, chart: string): Promise<void> {
  await cp(ours, chart, { recursive: true });
  const { appVersion } = await describeChart(chart);
  const manifest = await readFile(join(module, "releases", `cnpg-${appVersion}.yaml`), "utf8");
  await mkdir(join(chart, "module"));
  for (const [name, text] of Object.entries(splitManifest(manifest))) {
    await writeFile(join(chart, "module", name), text);
  }
}

/** The chart of the operator's module as it is, with a schema that refuses values that it does not know. */
async function layOutVaultSecretsOperator(module: string, chart: string): Promise<void> {
  await execa("cp", ["--recursive", "--no-preserve=mode", join(module, "chart"), chart]);
  await rm(join(chart, "templates", "tests"), { recursive: true, force: true });
  const names = (await readdir(join(chart, "templates"))).filter((name) => /\.(yaml|tpl)$/.test(name));
  const templates = await Promise.all(names.map((name) => readFile(join(chart, "templates", name), "utf8")));
  const schema = strictSchema(await readYaml(join(chart, "values.yaml")), templates);
  await writeFile(join(chart, "values.schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
}

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
  const text = stringify(await readYaml(file));
  await writeFile(file, text.replace(/^(\s*(?:created|generated)): .*$/gm, `$1: "${epoch}"`));
}

/**
 * The Helm repository of the sandbox: the charts that the platform asks for, under their published names and versions.
 *
 * @returns a folder of the build store with `index.yaml` and the packed charts
 */
export async function chartRepository(): Promise<string> {
  const helm = await goTool("helm");
  const cloudNativePg = await goModuleFolder("cloudnative-pg", "github.com/cloudnative-pg/cloudnative-pg");
  const secretsOperator = await goModuleFolder("vault-secrets-operator", "github.com/hashicorp/vault-secrets-operator");
  return build({
    name: "chart-repository",
    inputs: {
      helm: basename(helm),
      cloudNativePg: `${basename(cloudNativePg)} ${await folderContent(ours)}`,
      secretsOperator: basename(secretsOperator),
      strictness: await readFile(join(import.meta.dirname, "values-schema.ts"), "utf8"),
      split: await readFile(join(import.meta.dirname, "module-manifest.ts"), "utf8"),
      steps: stepsVersion,
    },
    produce: async (into) => {
      const charts = join(into, ".charts");
      await mkdir(charts);
      await layOutCloudNativePg(cloudNativePg, join(charts, "cloudnative-pg"));
      await layOutVaultSecretsOperator(secretsOperator, join(charts, "vault-secrets-operator"));
      for (const chart of await readdir(charts)) {
        await pack(join(charts, chart), into);
      }
      await rm(charts, { recursive: true });
      await writeIndex(helm, into);
    },
  });
}
