import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { build } from "../builds/store.ts";
import { goModuleFolder, goTool } from "../toolchain/go/build.ts";

/** Increase this number when the steps below change but their inputs do not. */
const stepsVersion = "1";

/** Values for cert-manager's chart. The start-up check is off: the addon itself waits until the webhook answers. */
const certManagerValues = {
  installCRDs: true,
  startupapicheck: { enabled: false },
  prometheus: { enabled: false },
};

/** Assembles cert-manager's chart from its sources, like cert-manager's Makefile. */
async function assembleCertManagerChart(source: string, chart: string, version: string): Promise<void> {
  await cp(join(source, "deploy", "charts", "cert-manager"), chart, { recursive: true });
  await execa("chmod", ["--recursive", "u+w", chart]);
  const template = z
    .record(z.string(), z.unknown())
    .parse(parse(await readFile(join(chart, "Chart.template.yaml"), "utf8")));
  await writeFile(join(chart, "Chart.yaml"), stringify({ ...template, version, appVersion: version, annotations: {} }));
  const crds = join(source, "deploy", "crds");
  const files = (await readdir(crds)).filter((name) => name.endsWith(".yaml")).sort();
  const definitions = await Promise.all(files.map((name) => readFile(join(crds, name), "utf8")));
  await writeFile(
    join(chart, "templates", "crds.yaml"),
    `{{- if .Values.installCRDs }}\n${definitions.join("\n---\n")}\n{{- end }}\n`,
  );
}

/**
 * cert-manager's chart with its custom resource definitions, rendered by Helm.
 *
 * @returns a folder of the build store that holds `cert-manager.yaml`
 */
export async function certManagerManifest(): Promise<string> {
  const source = await goModuleFolder("cert-manager", "github.com/cert-manager/cert-manager");
  const helm = await goTool("helm");
  const [, version = ""] = basename(source).split("@");
  return build({
    name: "manifest-cert-manager",
    inputs: { version, helm: basename(helm), values: JSON.stringify(certManagerValues), steps: stepsVersion },
    produce: async (into) => {
      const chart = join(into, "chart");
      await mkdir(chart);
      await assembleCertManagerChart(source, chart, version);
      const values = join(into, "values.json");
      await writeFile(values, JSON.stringify(certManagerValues));
      const release = ["template", "cert-manager", chart, "--namespace", "cert-manager", "--values", values];
      const { stdout } = await execa(join(helm, "helm"), release);
      await writeFile(join(into, "cert-manager.yaml"), `${stdout}\n`);
      await rm(chart, { recursive: true });
      await rm(values);
    },
  });
}

/**
 * The custom resource definitions of Traefik, from the documentation in its Go module.
 *
 * @returns a folder of the build store that holds `definitions.yaml`
 */
export async function traefikDefinitions(): Promise<string> {
  const source = await goModuleFolder("traefik", "github.com/traefik/traefik/v3");
  const [, version = ""] = basename(source).split("@");
  const file = join(
    source,
    ...["docs", "content", "reference", "dynamic-configuration", "kubernetes-crd-definition-v1.yml"],
  );
  return build({
    name: "manifest-traefik",
    inputs: { version, steps: stepsVersion },
    produce: async (into) => {
      await writeFile(join(into, "definitions.yaml"), await readFile(file, "utf8"));
    },
  });
}
