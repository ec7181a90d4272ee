import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { projectFolder } from "../../../sandbox/builds/folders.ts";
import { backendUrl } from "../../../sandbox/commands/stack/folder.ts";
import { installToolchain } from "../../../sandbox/toolchain/install.ts";

const changes = z.object({
  create: z.number().default(0),
  update: z.number().default(0),
  replace: z.number().default(0),
  delete: z.number().default(0),
  same: z.number().default(0),
});

type Changes = z.infer<typeof changes>;

const preview = z.object({ changeSummary: changes });
/** `up`, `refresh` and `destroy` print one event on each line. */
const event = z.object({ summaryEvent: z.object({ resourceChanges: changes }).optional() });

/** The result of a command of the engine. */
export interface EngineRun {
  readonly exitCode: number | undefined;
  /** Standard output and error together. */
  readonly output: string;
}

/** A Pulumi project with one stack on a file backend. The installed toolchain runs it. */
export class ScratchProject {
  readonly folder: string;
  readonly #pulumi: string;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(folder: string, pulumi: string, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#pulumi = pulumi;
    this.#environment = environment;
  }

  static async create(): Promise<ScratchProject> {
    const { pulumi, home } = await installToolchain();
    const folder = await mkdtemp(join(tmpdir(), "bibind-engine-"));
    await mkdir(join(folder, "state"));
    await symlink(join(projectFolder, "node_modules"), join(folder, "node_modules"));
    const project = new ScratchProject(folder, pulumi, {
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: backendUrl(join(folder, "state")),
      PULUMI_CONFIG_PASSPHRASE: "a passphrase",
      PULUMI_STACK: "dev",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
    await project.write("package.json", JSON.stringify({ name: "scratch", type: "module", version: "0.1.0" }));
    await project.write("Pulumi.yaml", nodeProject("name: scratch\nmain: index.ts"));
    await project.program("export {};");
    await project.run("stack", "init", "dev");
    return project;
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(join(this.folder, file, ".."), { recursive: true });
    await writeFile(join(this.folder, file), text);
  }

  program(source: string): Promise<void> {
    return this.write("index.ts", source);
  }

  /** A policy pack of one file, in the folder `pack`. */
  async policyPack(source: string): Promise<void> {
    await this.write("pack/PulumiPolicy.yaml", nodeProject("main: index.ts"));
    await this.write(
      "pack/package.json",
      JSON.stringify({ name: "pack", type: "module", version: "0.1.0", main: "index.ts" }),
    );
    await this.write("pack/index.ts", source);
  }

  start(...args: readonly string[]) {
    const options = { cwd: this.folder, env: this.#environment, all: true, reject: false } as const;
    return execa(this.#pulumi, [...args, "--non-interactive"], options);
  }

  async run(...args: readonly string[]): Promise<EngineRun> {
    const { exitCode, all } = await this.start(...args);
    return { exitCode, output: all };
  }

  /** Runs a command. It must succeed. @returns the number of resources for each kind of change */
  async changes(command: "up" | "refresh" | "destroy" | "preview", ...options: readonly string[]): Promise<Changes> {
    if (command === "preview") {
      return preview.parse(JSON.parse(await this.#json(command))).changeSummary;
    }
    const lines = (await this.#json(command, "--yes", "--skip-preview", ...options)).split("\n");
    const summary = lines
      .map((line) => event.parse(JSON.parse(line)).summaryEvent)
      .find((found) => found !== undefined);
    return changes.parse(summary?.resourceChanges);
  }

  async export(): Promise<string> {
    return (await this.run("stack", "export")).output;
  }

  async outputs(): Promise<Record<string, unknown>> {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await this.#json("stack", "output", "--show-secrets")));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async #json(...args: readonly string[]): Promise<string> {
    const options = { cwd: this.folder, env: this.#environment } as const;
    return (await execa(this.#pulumi, [...args, "--json", "--non-interactive"], options)).stdout;
  }
}

function nodeProject(head: string): string {
  return `${head}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`;
}
