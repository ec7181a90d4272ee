import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { z } from "zod";
import { projectFolder } from "../../../../sandbox/builds/folders.ts";
import { backendUrl } from "../../../../sandbox/commands/stack/folder.ts";
import { goTool } from "../../../../sandbox/toolchain/go/build.ts";
import { preparePulumiHome } from "../../../../sandbox/toolchain/home.ts";
import type { JsonObject } from "../../../../sandbox/toolchain/plugins/kubernetes/manifest/json.ts";

/** One resource of the program under test. */
export interface Declared {
  /** Type token of the SDK. */
  readonly type: string;
  readonly name: string;
  readonly args: JsonObject;
  /** Arguments that the program marks as secret. Default: none. */
  readonly secrets?: readonly string[];
  readonly options?: {
    readonly dependsOn?: readonly string[];
    readonly customTimeouts?: Readonly<Record<string, string>>;
  };
}

/** A program that reads its resources from a file, so that a test can change them. */
const program = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
const config = new pulumi.Config();
const settings = config.getObject("provider") ?? {};
const provider = new Provider("cluster", { kubeconfig: config.requireSecret("kubeconfig"), ...settings });
const created = {};
for (const { type, name, args, secrets = [], options = {} } of JSON.parse(readFileSync("resources.json", "utf8"))) {
  const dependsOn = (options.dependsOn ?? []).map((other) => created[other]);
  const marked = Object.fromEntries(secrets.map((secret) => [secret, pulumi.secret(args[secret])]));
  created[name] = new pulumi.CustomResource(type, name, { ...args, ...marked }, { provider, version: "4.32.0", ...options, dependsOn });
}
`;

const plan = z.object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })).default([]) });

/** Kills a process and all its descendants (SIGKILL). */
export async function killTree(pid: number): Promise<void> {
  const { stdout } = await execa("ps", ["-eo", "pid=,ppid="]);
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const processes = [pid];
  for (const each of processes) {
    processes.push(...rows.filter(([, parent]) => parent === each).flatMap(([child]) => child ?? []));
  }
  for (const each of processes) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // The process has already ended.
    }
  }
}

/** A stack of the real engine with the plugin under test. */
export class TestStack {
  readonly folder: string;
  readonly #pulumi: string;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(folder: string, pulumi: string) {
    this.folder = folder;
    this.#pulumi = pulumi;
    this.#environment = {
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: backendUrl(`${folder}/state`),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }

  /** @param helm - whether the program has Helm releases */
  static async create(kubeconfig: string, helm = false): Promise<TestStack> {
    const folder = await mkdtemp(join(tmpdir(), "bibind-kubernetes-engine-"));
    const helmProgram = helm ? join(await goTool("helm"), "helm") : undefined;
    await preparePulumiHome(join(folder, "home"), { plugins: ["kubernetes"], helm: helmProgram });
    await mkdir(join(folder, "state"));
    await symlink(join(projectFolder, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "it", type: "module", main: "index.js" }));
    await writeFile(join(folder, "Pulumi.yaml"), "name: it\nruntime: nodejs\n");
    await writeFile(join(folder, "index.js"), program);
    const stack = new TestStack(folder, join(await goTool("pulumi"), "pulumi"));
    await stack.declare([]);
    await stack.succeeds("stack", "init", "test");
    await stack.#withInput(kubeconfig, "config", "set", "--secret", "kubeconfig");
    return stack;
  }

  declare(resources: readonly Declared[]): Promise<void> {
    return writeFile(join(this.folder, "resources.json"), JSON.stringify(resources));
  }

  start(...args: readonly string[]): ResultPromise<{ all: true; reject: false; detached: true }> {
    const options = {
      cwd: this.folder,
      env: { ...this.#environment },
      all: true,
      reject: false,
      detached: true,
    } as const;
    return execa(this.#pulumi, [...args, "--non-interactive", "--color", "never"], options);
  }

  /** Runs the engine. It must succeed. @returns its output */
  async succeeds(...args: readonly string[]): Promise<string> {
    const { all, exitCode } = await this.start(...args);
    if (exitCode !== 0) {
      throw new Error(`pulumi ${args.join(" ")} ended with ${String(exitCode)}:\n${all}`);
    }
    return all;
  }

  /** Runs the engine. It must fail. @returns its output */
  async fails(...args: readonly string[]): Promise<string> {
    const { all, exitCode } = await this.start(...args);
    if (exitCode === 0) {
      throw new Error(`pulumi ${args.join(" ")} did not fail:\n${all}`);
    }
    return all;
  }

  async #withInput(input: string, ...args: readonly string[]): Promise<void> {
    await execa(this.#pulumi, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: { ...this.#environment },
      input,
    });
  }

  up(): Promise<string> {
    return this.succeeds("up", "--yes", "--skip-preview");
  }

  /** The steps of a preview, as `operation name`, without unchanged and refreshed resources. */
  async planned(...args: readonly string[]): Promise<string[]> {
    const { stdout } = await execa(this.#pulumi, ["preview", "--json", "--non-interactive", ...args], {
      cwd: this.folder,
      env: { ...this.#environment },
    });
    const { steps } = plan.parse(JSON.parse(stdout));
    return steps
      .filter(({ op }) => op !== "same" && op !== "refresh")
      .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`);
  }

  /** The complete state of the stack, as the engine stores it. */
  state(): Promise<string> {
    return readFile(join(this.folder, "state", ".pulumi", "stacks", "it", "test.json"), "utf8");
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
