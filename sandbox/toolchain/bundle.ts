import { createHash } from "node:crypto";
import { glob, readFile, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { build as esbuild, type Metafile } from "esbuild";
import { projectFolder } from "../builds/folders.ts";
import { build } from "../builds/store.ts";

/** A program of this project to bundle. */
export interface BundleRequest {
  readonly name: string;
  /** Entry points by name, relative to the project's folder. Each becomes a file `NAME.js`. */
  readonly entries: Readonly<Record<string, string>>;
  /** Folders and files with all sources outside `node_modules`, relative to the project's folder. */
  readonly sources: readonly string[];
}

/** CommonJS packages use these variables. An ES module does not have them, so the bundle defines them. */
const commonJs = `import { createRequire as bundleRequire } from "node:module";
const require = bundleRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** Optional native modules of ssh2. Without them, ssh2 uses JavaScript and node:crypto. */
const external = ["*.node", "cpu-features"];

/** Options of esbuild that change the result. */
const bundleOptions = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node24",
  minifySyntax: true,
  legalComments: "none",
  logLevel: "silent",
} as const;

/**
 * Bundles each entry and all its imports into one file. Node starts such a file much faster.
 *
 * @returns a folder of the build store
 */
export async function bundle(request: BundleRequest): Promise<string> {
  const contents = await sourceContents(request.sources);
  return build({
    name: `bundle-${request.name}`,
    inputs: {
      sources: digest(contents),
      packages: await readFile(join(projectFolder, "package-lock.json"), "utf8"),
      options: JSON.stringify([bundleOptions, external, commonJs, request.entries]),
    },
    produce: async (into) => {
      const { metafile } = await esbuild({
        ...bundleOptions,
        absWorkingDir: projectFolder,
        entryPoints: { ...request.entries },
        outdir: into,
        external,
        banner: { js: commonJs },
        metafile: true,
      });
      refuseUndeclared(metafile, new Set(contents.keys()), request.name);
      await writeFile(join(into, "package.json"), JSON.stringify({ type: "module" }));
    },
  });
}

async function sourceContents(sources: readonly string[]): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const source of sources) {
    const pattern = source.endsWith(".ts") ? source : `${source}/**/*.{ts,json}`;
    for await (const file of glob(pattern, { cwd: projectFolder, exclude: ["**/node_modules"] })) {
      contents.set(file, await readFile(join(projectFolder, file), "utf8"));
    }
  }
  return contents;
}

function digest(contents: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const file of [...contents.keys()].sort()) {
    hash.update(JSON.stringify([file, contents.get(file)]));
  }
  return hash.digest("hex");
}

/** Refuses a bundled source that is not part of the hash: after a change of it, the old bundle would stay in use. */
function refuseUndeclared(metafile: Metafile, declared: ReadonlySet<string>, name: string): void {
  const undeclared = Object.keys(metafile.inputs)
    .map((file) => (isAbsolute(file) ? relative(projectFolder, file) : file))
    .filter((file) => !file.includes("node_modules/") && !declared.has(file));
  if (undeclared.length > 0) {
    throw new Error(`bundle ${name} imports sources that are not in its \`sources\`: ${undeclared.join(", ")}`);
  }
}
