import { createHash } from "node:crypto";
import { glob, readFile, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { build as esbuild, type Metafile } from "esbuild";
import { projectFolder } from "../builds/folders.ts";
import { build } from "../builds/store.ts";

/** A program of ours that runs as one file. */
export interface BundleRequest {
  readonly name: string;
  /** Entry points, from the project's folder; each becomes a file `NAME.js`. */
  readonly entries: Readonly<Record<string, string>>;
  /** Folders and files, from the project's folder, that hold all of its source outside `node_modules`. */
  readonly sources: readonly string[];
}

/** Packages of CommonJS inside an ES module still use what Node gives a CommonJS module. */
const commonJs = `import { createRequire as bundleRequire } from "node:module";
const require = bundleRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** Optional native parts of ssh2; without them it does the same in JavaScript and node:crypto. */
const leftOut = ["*.node", "cpu-features"];

/** Manner of bundling: a change of it is a change of the result. */
const manner = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node24",
  minifySyntax: true,
  legalComments: "none",
  logLevel: "silent",
} as const;

/** Bundles each entry with everything it imports into one file: Node then starts it in a fraction of the time. */
export async function bundle(request: BundleRequest): Promise<string> {
  const contents = await sourceContents(request.sources);
  return build({
    name: `bundle-${request.name}`,
    inputs: {
      sources: digest(contents),
      packages: await readFile(join(projectFolder, "package-lock.json"), "utf8"),
      manner: JSON.stringify([manner, leftOut, commonJs, request.entries]),
    },
    produce: async (into) => {
      const { metafile } = await esbuild({
        ...manner,
        absWorkingDir: projectFolder,
        entryPoints: { ...request.entries },
        outdir: into,
        external: leftOut,
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

/** A source that is bundled but not hashed would leave an old bundle in use. */
function refuseUndeclared(metafile: Metafile, declared: ReadonlySet<string>, name: string): void {
  const undeclared = Object.keys(metafile.inputs)
    .map((file) => (isAbsolute(file) ? relative(projectFolder, file) : file))
    .filter((file) => !file.includes("node_modules/") && !declared.has(file));
  if (undeclared.length > 0) {
    throw new Error(`bundle ${name} imports sources that it does not declare: ${undeclared.join(", ")}`);
  }
}
