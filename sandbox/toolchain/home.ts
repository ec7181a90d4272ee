import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder, projectFolder } from "../builds/folders.ts";
import { bundle } from "./bundle.ts";
import { goTool, type ToolName } from "./go/build.ts";
import { engineVersion, pluginVersions, type PluginName } from "./versions.ts";

const pluginsFolder = "sandbox/toolchain/plugins";
const sharedSources = [
  `${pluginsFolder}/server`,
  "components/errors/operator-error.ts",
  "components/kubernetes/credentials.ts",
  "components/kubernetes/exec-plugin.ts",
  "components/kubernetes/kubeconfig-file.ts",
  "components/kubernetes/kubeconfig.ts",
  "sandbox/builds/until.ts",
  "services/drift/keyed-lists.ts",
];

/** The Node from the npm packages. The machine's own Node can have another version. */
const node = join(projectFolder, "node_modules", "node", "bin", "node");

/** A shell script that starts a plugin or the language host. */
interface Launcher {
  /** Its folder below `plugins`. */
  readonly folder: string;
  /** The file name of the script. */
  readonly command: string;
  /** The program that it runs, and the program's first arguments. */
  readonly program: readonly string[];
  /** The environment variables that it sets. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface HomeOptions {
  /** Path of the helm program for the kubernetes plugin. Default: the plugin searches the PATH. */
  readonly helm?: string;
  /** Default: all. */
  readonly plugins?: readonly PluginName[];
  /** Whether the plugin `kubernetes` is the vendor's. Default: false. The plugin `random` always is. */
  readonly genuine?: boolean;
}

/**
 * Installs our language host and plugins in a Pulumi home. The engine finds them there by name and version.
 *
 * Files that are up to date do not change, so a running engine can continue.
 *
 * @param home - the folder for `PULUMI_HOME`
 */
export async function preparePulumiHome(home: string, options: HomeOptions = {}): Promise<void> {
  const names = options.plugins ?? pluginNames;
  const launchers = [await languageHost(), ...(await Promise.all(names.map((name) => resourcePlugin(name, options))))];
  await Promise.all(launchers.map((launcher) => writeLauncher(join(home, "plugins"), launcher)));
}

const pluginNames: readonly PluginName[] = ["command", "kubernetes", "random", "vault"];

/** The tool of `go/tools.json` that has the genuine plugin. `random` is a Terraform provider behind Pulumi's bridge. */
const genuineTools: Partial<Readonly<Record<PluginName, ToolName>>> = {
  kubernetes: "pulumi-kubernetes",
  random: "terraform-bridge",
};

/** The language host, and the files that it starts or preloads in the processes of programs and policy packs. */
const hostEntries = ["main", "policy-runner", "lazy-packages", "lazy-typescript", "lazy-arborist", "no-source-maps"];

async function languageHost(): Promise<Launcher> {
  const folder = "sandbox/toolchain/language-host";
  const bundled = await bundle({
    name: "language-nodejs",
    entries: Object.fromEntries(hostEntries.map((entry) => [entry, `${folder}/${entry}.ts`])),
    sources: [folder, ...sharedSources],
  });
  return {
    folder: `language-nodejs-v${engineVersion}`,
    command: "pulumi-language-nodejs",
    program: [node, join(bundled, "main.js")],
    environment: {},
  };
}

/** The program of a plugin, and its first arguments. */
async function pluginProgram(name: PluginName, genuine: boolean): Promise<readonly string[]> {
  const tool = name === "kubernetes" && !genuine ? undefined : genuineTools[name];
  if (tool !== undefined) {
    return [join(await goTool(tool), `pulumi-resource-${name}`)];
  }
  const folder = `${pluginsFolder}/${name}`;
  const bundled = await bundle({
    name: `resource-${name}`,
    entries: { main: `${folder}/main.ts` },
    sources: [folder, ...sharedSources],
  });
  return [node, join(bundled, "main.js")];
}

async function resourcePlugin(name: PluginName, { helm, genuine = false }: HomeOptions): Promise<Launcher> {
  return {
    folder: `resource-${name}-v${pluginVersions[name]}`,
    command: `pulumi-resource-${name}`,
    program: await pluginProgram(name, genuine),
    environment: name === "kubernetes" && helm !== undefined ? { BIBIND_HELM: helm } : {},
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function launcherText({ program, environment }: Launcher): string {
  // Node stores compiled code in this folder. The next start is twice as fast, also that of programs run by the host.
  const variables = { NODE_COMPILE_CACHE: cacheFolder("node-compile-cache"), ...environment };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return ["#!/bin/sh", ...exports, `exec ${program.map(quoted).join(" ")} "$@"`, ""].join("\n");
}

async function writeLauncher(plugins: string, launcher: Launcher): Promise<void> {
  const file = join(plugins, launcher.folder, launcher.command);
  const text = launcherText(launcher);
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) {
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, text);
  await chmod(unfinished, 0o755);
  await rename(unfinished, file);
  // With this file, the engine marks an incomplete installation.
  await rm(join(plugins, `${launcher.folder}.partial`), { force: true });
}
