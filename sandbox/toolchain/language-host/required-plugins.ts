import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const manifest = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  pulumi: z
    .object({
      resource: z.boolean().default(false),
      name: z.string().optional(),
      version: z.string().optional(),
      server: z.string().optional(),
    })
    .optional(),
});

type Manifest = z.infer<typeof manifest>;

/** A resource plugin that a program's packages ask for. */
export interface RequiredPlugin {
  readonly name: string;
  /** Without a leading `v`; empty: any. */
  readonly version: string;
  readonly server: string;
}

/** An npm package in its place. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : manifest.parse(JSON.parse(text));
}

/** The package's manifest, looked for as Node does: in `node_modules` of the folder and of those above it. */
async function findPackage(name: string, from: string): Promise<{ folder: string; found: Manifest } | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    const found = await readManifest(candidate);
    if (found !== undefined) {
      return { folder: candidate, found };
    }
    if (folder === dirname(folder)) {
      return undefined;
    }
  }
}

async function findProject(folder: string): Promise<{ folder: string; found: Manifest } | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    const found = await readManifest(current);
    if (found !== undefined) {
      return { folder: current, found };
    }
    if (current === dirname(current)) {
      return undefined;
    }
  }
}

function pluginOf(name: string, { pulumi, version }: Manifest): RequiredPlugin | undefined {
  if (pulumi?.resource !== true) {
    return undefined;
  }
  return {
    name: pulumi.name ?? name.replace(/^@pulumi\//, ""),
    version: (pulumi.version ?? version ?? "").replace(/^v/, ""),
    server: pulumi.server ?? "",
  };
}

/**
 * The plugins of the packages that a program depends on, and of the Pulumi packages those depend on.
 *
 * @param folder the program's folder, or one below the project's
 */
export async function requiredPlugins(folder: string): Promise<RequiredPlugin[]> {
  const project = await findProject(folder);
  const plugins = new Map<string, RequiredPlugin>();
  const seen = new Set<string>();
  const visit = async (from: string, names: readonly string[]): Promise<void> => {
    for (const name of names.filter((candidate) => !seen.has(candidate))) {
      seen.add(name);
      const dependency = await findPackage(name, from);
      const plugin = dependency && pluginOf(name, dependency.found);
      if (plugin !== undefined) {
        plugins.set(`${plugin.name}@${plugin.version}`, plugin);
      }
      if (dependency !== undefined && "@pulumi/pulumi" in dependency.found.dependencies) {
        await visit(dependency.folder, Object.keys(dependency.found.dependencies));
      }
    }
  };
  if (project !== undefined) {
    await visit(project.folder, Object.keys({ ...project.found.dependencies, ...project.found.devDependencies }));
  }
  return [...plugins.values()];
}

/**
 * The npm packages of a program in their installed versions, for `pulumi about`.
 *
 * @param transitive also those they depend on
 */
export async function installedPackages(folder: string, transitive: boolean): Promise<InstalledPackage[]> {
  const project = await findProject(folder);
  const packages = new Map<string, InstalledPackage>();
  const visit = async (from: string, names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const dependency = await findPackage(name, from);
      if (dependency === undefined || packages.has(dependency.folder)) {
        continue;
      }
      packages.set(dependency.folder, { name, version: dependency.found.version ?? "" });
      if (transitive) {
        await visit(dependency.folder, Object.keys(dependency.found.dependencies));
      }
    }
  };
  if (project !== undefined) {
    await visit(project.folder, Object.keys({ ...project.found.dependencies, ...project.found.devDependencies }));
  }
  return [...packages.values()].sort((left, right) => left.name.localeCompare(right.name));
}
