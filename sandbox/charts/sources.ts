import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { z } from "zod";
import { folderContent } from "../builds/folder-content.ts";
import { goModuleFolder } from "../toolchain/go/build.ts";
import { splitManifest } from "./module-manifest.ts";
import { strictSchema } from "./values-schema.ts";

/** A chart of the repository, ready to be laid out. */
export interface ChartSource {
  /** Names its content: other content has another one. */
  readonly identity: string;
  /** Lays it out in a folder that is not there yet. */
  readonly layOut: (chart: string) => Promise<void>;
}

const chartSchema = z.looseObject({ name: z.string(), version: z.string(), appVersion: z.string() });

async function readYaml(file: string): Promise<unknown> {
  return parse(await readFile(file, "utf8"));
}

/** What a chart says of itself. */
export async function describeChart(folder: string): Promise<z.infer<typeof chartSchema>> {
  return chartSchema.parse(await readYaml(join(folder, "Chart.yaml")));
}

/** Text of our files that decide how a chart is laid out. */
async function stepsOf(...files: readonly string[]): Promise<string> {
  return (await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), "utf8")))).join("\n");
}

/** An imitation of a published chart: the folder of that name. */
async function imitation(name: string): Promise<ChartSource> {
  const folder = join(import.meta.dirname, name);
  return {
    identity: await folderContent(folder),
    layOut: (chart) => cp(folder, chart, { recursive: true }),
  };
}

/** The imitation, with the parts that come from the operator's module. */
async function cloudNativePg(): Promise<ChartSource> {
  const { identity, layOut } = await imitation("cloudnative-pg");
  const module = await goModuleFolder("cloudnative-pg", "github.com/cloudnative-pg/cloudnative-pg");
  return {
    identity: `${basename(module)} ${identity} ${await stepsOf("module-manifest.ts")}`,
    layOut: async (chart) => {
      await layOut(chart);
      const { appVersion } = await describeChart(chart);
      const manifest = await readFile(join(module, "releases", `cnpg-${appVersion}.yaml`), "utf8");
      await mkdir(join(chart, "module"));
      for (const [name, text] of Object.entries(splitManifest(manifest))) {
        await writeFile(join(chart, "module", name), text);
      }
    },
  };
}

/** The chart of the operator's module as it is, with a schema that refuses values that it does not know. */
async function vaultSecretsOperator(): Promise<ChartSource> {
  const module = await goModuleFolder("vault-secrets-operator", "github.com/hashicorp/vault-secrets-operator");
  return {
    identity: `${basename(module)} ${await stepsOf("values-schema.ts")}`,
    layOut: async (chart) => {
      await execa("cp", ["--recursive", "--no-preserve=mode", join(module, "chart"), chart]);
      await rm(join(chart, "templates", "tests"), { recursive: true, force: true });
      const names = (await readdir(join(chart, "templates"))).filter((name) => /\.(yaml|tpl)$/.test(name));
      const templates = await Promise.all(names.map((name) => readFile(join(chart, "templates", name), "utf8")));
      const schema = strictSchema(await readYaml(join(chart, "values.yaml")), templates);
      await writeFile(join(chart, "values.schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
    },
  };
}

/** Every chart of the sandbox, by its published name. */
export const chartSources = {
  "cloudnative-pg": cloudNativePg,
  hydra: () => imitation("hydra"),
  kratos: () => imitation("kratos"),
  openbao: () => imitation("openbao"),
  "vault-secrets-operator": vaultSecretsOperator,
} as const satisfies Record<string, () => Promise<ChartSource>>;
