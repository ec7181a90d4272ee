import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder, projectFolder } from "../builds/folders.ts";
import { bundle } from "./bundle.ts";
import { engineVersion, pluginVersions, type PluginName } from "./versions.ts";

const pluginsFolder = "sandbox/toolchain/plugins";
const sharedSources = [
  `${pluginsFolder}/server`,
  "components/errors/operator-error.ts",
  "components/kubernetes/kubeconfig.ts",
  "sandbox/builds/until.ts",
];

/** The Node that came with the npm packages, whatever the machine has. */
const node = join(projectFolder, "node_modules", "node", "bin", "node");

/** What a launcher runs, and the variables it sets for it. */
interface Launcher {
  readonly folder: string;
  readonly command: string;
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface HomeOptions {
  /** The helm program for the kubernetes plugin; without it the plugin looks for one on the PATH. */
  readonly helm?: string;
  /** Default: all. */
  readonly plugins?: readonly PluginName[];
}

/**
 * Lays our language host and plugins into a Pulumi home, where the engine finds them by name and version.
 *
 * What is already right is left alone, so that a running engine is not disturbed.
 *
 * @param home the folder for `PULUMI_HOME`
 */
export async function layHome(home: string, options: HomeOptions = {}): Promise<void> {
  const names = options.plugins ?? pluginNames;
  const launchers = [await languageHost(), ...(await Promise.all(names.map((name) => resourcePlugin(name, options))))];
  await Promise.all(launchers.map((launcher) => writeLauncher(join(home, "plugins"), launcher)));
}

const pluginNames: readonly PluginName[] = ["command", "kubernetes", "random", "vault"];

/** The host, and what it starts or preloads in the processes of programs and packs. */
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
    script: join(bundled, "main.js"),
    environment: {},
  };
}

async function resourcePlugin(name: PluginName, { helm }: HomeOptions): Promise<Launcher> {
  const folder = `${pluginsFolder}/${name}`;
  const bundled = await bundle({
    name: `resource-${name}`,
    entries: { main: `${folder}/main.ts` },
    sources: [folder, ...sharedSources],
  });
  return {
    folder: `resource-${name}-v${pluginVersions[name]}`,
    command: `pulumi-resource-${name}`,
    script: join(bundled, "main.js"),
    environment: name === "kubernetes" && helm !== undefined ? { BIBIND_HELM: helm } : {},
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function launcherText({ script, environment }: Launcher): string {
  // Node keeps what it compiled: the next start is twice as fast. A program run by the host has the same use of it.
  const variables = { NODE_COMPILE_CACHE: cacheFolder("node-compile-cache"), ...environment };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return ["#!/bin/sh", ...exports, `exec ${quoted(node)} ${quoted(script)} "$@"`, ""].join("\n");
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
  // The engine's mark of an installation that was broken off.
  await rm(join(plugins, `${launcher.folder}.partial`), { force: true });
}
