import { existsSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { folderContent } from "../../builds/folder-content.ts";
import { build } from "../../builds/store.ts";
import { goCompiler } from "./compiler.ts";
import { copyPatched, patchesFolder, type GoCommand } from "./patches.ts";
import tools from "./tools.json" with { type: "json" };

/** A tool of `tools.json`; the folder of the same name holds the Go module that pins it. */
export type ToolName = keyof typeof tools;

/** What `tools.json` says of one tool. */
export interface Tool {
  /** The version that the tool's `go.mod` pins; for people, it decides nothing. */
  readonly version: string;
  /** File name of each program, and the Go package that it is built from. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Go variables that the linker sets (`-X`), so that the programs tell their version. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Every tool by its name. */
export const goTools: Readonly<Record<ToolName, Tool>> = tools;

/** Files of a tool's module that decide what is built. A program of ours is in `main.go`; `tools.go` names others. */
const moduleFiles = ["go.mod", "go.sum", "tools.go", "main.go"] as const;

/**
 * Paths and the state of this checkout stay out of the programs; go.mod and go.sum are never rewritten. The compiler
 * writes no debugging information, which the linker would drop anyway, and uses no profile: with one, it compiles every
 * package of a program anew instead of sharing it with other programs.
 */
const buildFlags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false", "-pgo=off"] as const;

/** Static programs, built by the compiler that was chosen, from the tool's module alone. */
const environment = { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off" } as const;

/** More memory makes the compiler faster and changes nothing in the result: a fifth of its time is garbage collection. */
const generousMemory = { GOGC: "400", GOMEMLIMIT: "2GiB" } as const;

const downloaded = z.object({ Dir: z.string().optional(), Error: z.string().optional() });

function moduleFolder(name: ToolName): string {
  return join(import.meta.dirname, name);
}

function linkerFlags(tool: Tool): string {
  const variables = Object.entries(tool.variables).map(([variable, value]) => `-X ${variable}=${value}`);
  return ["-s", "-w", ...variables].join(" ");
}

async function moduleContents(name: ToolName): Promise<Record<string, string>> {
  const present = moduleFiles.filter((file) => existsSync(join(moduleFolder(name), file)));
  const contents = present.map(async (file): Promise<[string, string]> => [
    file,
    await readFile(join(moduleFolder(name), file), "utf8"),
  ]);
  return Object.fromEntries(await Promise.all(contents));
}

async function inputsOf(name: ToolName, compilerVersion: string): Promise<Record<string, string>> {
  const patches = patchesFolder(moduleFolder(name));
  return {
    ...(await moduleContents(name)),
    ...(existsSync(patches) ? { patches: await folderContent(patches) } : {}),
    tool: JSON.stringify(goTools[name]),
    how: JSON.stringify([buildFlags, environment]),
    go: compilerVersion,
  };
}

/** File name that the Go command gives to the program of a package. */
function defaultName(goPackage: string): string {
  return basename(goPackage.replace(/\/v\d+$/, ""));
}

/** The module that a tool is compiled in: the committed one, or a copy of it with patched dependencies. */
async function compiledModule(tool: ToolName, command: string): Promise<string> {
  const folder = moduleFolder(tool);
  const patches = patchesFolder(folder);
  if (!existsSync(patches)) {
    return folder;
  }
  const go: GoCommand = async (cwd, ...words) => (await execa(command, words, { cwd, env: environment })).stdout;
  return build({
    name: `patched-${tool}`,
    inputs: { ...(await moduleContents(tool)), patches: await folderContent(patches) },
    produce: (into) => copyPatched(go, folder, into),
  });
}

/**
 * Builds the programs of a tool from the Go module registry, once for the same module files, table entry and compiler.
 * What is downloaded is checked against the committed `go.sum`.
 *
 * @returns the folder in the build store that holds one static program for each name in the tool's `binaries`
 * @throws OperatorError when there is no compiler, the registry cannot be reached, or a program does not compile
 */
export async function goTool(tool: ToolName): Promise<string> {
  const { command, version } = await goCompiler();
  const programs = Object.entries(goTools[tool].binaries);
  const packages = programs.map(([, goPackage]) => goPackage);
  const go = async (log: string, ...words: readonly string[]): Promise<void> => {
    await execa(command, words, {
      cwd: await compiledModule(tool, command),
      env: { ...environment, ...generousMemory },
      stdout: { file: log, append: true },
      stderr: { file: log, append: true },
      buffer: false,
    });
  };
  return build({
    name: `go-${tool}`,
    inputs: await inputsOf(tool, version),
    // To list the packages, Go downloads exactly the modules that the build reads.
    download: (log) => go(log, "list", "-mod=readonly", "-deps", ...packages),
    compiles: true,
    produce: async (into, log) => {
      await go(log, "build", ...buildFlags, "-ldflags", linkerFlags(goTools[tool]), "-o", `${into}/`, ...packages);
      for (const [program, goPackage] of programs) {
        await rename(join(into, defaultName(goPackage)), join(into, program));
      }
    },
  });
}

/**
 * The source folder of a module that a tool is built from, in Go's module cache: some modules carry their own charts,
 * manifests and resource definitions. The version is the one that the tool's `go.mod` selects.
 *
 * @param modulePath path of a module in the tool's `go.mod`, such as `github.com/cert-manager/cert-manager`
 * @returns a folder to be read only
 * @throws OperatorError when the module is not part of the tool or cannot be downloaded
 */
export async function goModuleFolder(tool: ToolName, modulePath: string): Promise<string> {
  const { command } = await goCompiler();
  const { stdout, stderr } = await execa(command, ["mod", "download", "-json", modulePath], {
    cwd: moduleFolder(tool),
    env: environment,
    reject: false,
  });
  const answer = stdout === "" ? { Error: stderr } : downloaded.parse(JSON.parse(stdout));
  if (answer.Dir === undefined) {
    throw new OperatorError({
      what: `Go cannot bring the source of ${modulePath}: ${answer.Error ?? stderr}`,
      where: join(moduleFolder(tool), "go.mod"),
      remedy: "ask for a module that this go.mod requires, and see that the Go module registry can be reached",
    });
  }
  return answer.Dir;
}
