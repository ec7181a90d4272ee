import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const manifestSchema = z.object({
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

type Manifest = z.infer<typeof manifestSchema>;

/** A resource plugin that the packages of a program require. */
export interface RequiredPlugin {
  readonly name: string;
  /** Without a leading `v`. Empty: any version. */
  readonly version: string;
  /** URL of the download server. Empty: the engine's default. */
  readonly server: string;
}

/** An installed npm package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

interface FoundPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : manifestSchema.parse(JSON.parse(text));
}

/**
 * The nearest manifest at this path in the folder or one of its parents. Node searches for packages in the same way.
 */
async function findManifest(from: string, path: string): Promise<FoundPackage | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, path);
    const manifest = await readManifest(candidate);
    if (manifest !== undefined) {
      return { folder: candidate, manifest };
    }
    if (folder === dirname(folder)) {
      return undefined;
    }
  }
}

function findPackage(name: string, from: string): Promise<FoundPackage | undefined> {
  return findManifest(from, join("node_modules", name));
}

function findProject(folder: string): Promise<FoundPackage | undefined> {
  return findManifest(folder, ".");
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
 * The plugins of the packages that a program depends on, and of their Pulumi packages.
 *
 * @param folder - the folder of the project, or a folder in it
 */
export async function requiredPlugins(folder: string): Promise<RequiredPlugin[]> {
  const project = await findProject(folder);
  const plugins = new Map<string, RequiredPlugin>();
  const seen = new Set<string>();
  const visit = async (from: string, names: readonly string[]): Promise<void> => {
    for (const name of names.filter((candidate) => !seen.has(candidate))) {
      seen.add(name);
      const dependency = await findPackage(name, from);
      const plugin = dependency && pluginOf(name, dependency.manifest);
      if (plugin !== undefined) {
        plugins.set(`${plugin.name}@${plugin.version}`, plugin);
      }
      if (dependency !== undefined && "@pulumi/pulumi" in dependency.manifest.dependencies) {
        await visit(dependency.folder, Object.keys(dependency.manifest.dependencies));
      }
    }
  };
  if (project !== undefined) {
    await visit(project.folder, Object.keys({ ...project.manifest.dependencies, ...project.manifest.devDependencies }));
  }
  return [...plugins.values()];
}

/**
 * The installed npm packages of a program, for `pulumi about`.
 *
 * @param transitive - whether to include the dependencies of dependencies
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
      packages.set(dependency.folder, { name, version: dependency.manifest.version ?? "" });
      if (transitive) {
        await visit(dependency.folder, Object.keys(dependency.manifest.dependencies));
      }
    }
  };
  if (project !== undefined) {
    await visit(project.folder, Object.keys({ ...project.manifest.dependencies, ...project.manifest.devDependencies }));
  }
  return [...packages.values()].sort((left, right) => left.name.localeCompare(right.name));
}
