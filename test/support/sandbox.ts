import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { goTool } from "../../sandbox/toolchain/go/build.ts";
import { projectFolder } from "../../sandbox/builds/folders.ts";

/** The result of a command. */
export interface CommandResult {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  /** Standard output and standard error, in the order in which they were written. */
  readonly all: string;
}

const node = join(projectFolder, "node_modules", ".bin", "node");

/** Starts the `sandbox` command in a process group of its own, so that a test can end all its processes. */
export function startSandbox(...args: readonly string[]) {
  return execa(node, ["sandbox/main.ts", ...args], {
    cwd: projectFolder,
    all: true,
    reject: false,
    detached: true,
    stdin: "ignore",
  });
}

/** Runs the `sandbox` command to its end. It may fail. */
export async function sandbox(...args: readonly string[]): Promise<CommandResult> {
  const { exitCode, all } = await startSandbox(...args);
  return { exitCode, all };
}

/** Runs the `sandbox` command, which must succeed. @returns its output */
export async function sandboxSucceeds(...args: readonly string[]): Promise<string> {
  const { exitCode, all } = await sandbox(...args);
  assert.equal(exitCode, 0, `sandbox ${args.join(" ")}:\n${all}`);
  return all;
}

let startup: Promise<unknown> | undefined;

/**
 * Starts the sandbox once in a process. `make test` starts it before all processes, because two processes cannot start it
 * at the same time. A test that stops the sandbox must not use this function.
 */
export async function ensureSandboxIsUp(): Promise<void> {
  startup ??= process.env.BIBIND_TEST_SANDBOX === "up" ? Promise.resolve() : sandboxSucceeds("up");
  await startup;
}

/** Runs the engine on the sandbox's stack. It may fail. */
export function engine(...args: readonly string[]): Promise<CommandResult> {
  return sandbox("pulumi", "--", ...args, "--non-interactive", "--color", "never");
}

/** Runs the engine on the sandbox's stack. It must succeed. @returns its output */
export async function engineSucceeds(...args: readonly string[]): Promise<string> {
  const { exitCode, all } = await engine(...args);
  assert.equal(exitCode, 0, `pulumi ${args.join(" ")}:\n${all}`);
  return all;
}

const foundationSchema = z.object({
  foundation: z.object({
    contractVersion: z.number(),
    domain: z.string(),
    kubeconfig: z.string(),
    caCertificate: z.string(),
    storageClass: z.string(),
    software: z.record(z.string(), z.string()),
  }),
});
export type Foundation = z.infer<typeof foundationSchema>["foundation"];

const iamSchema = z.object({
  iam: z.object({
    issuer: z.string(),
    signInUrl: z.string(),
    vaultAddress: z.string(),
    vaultInternalAddress: z.string(),
    deployerNamespace: z.string(),
    urls: z.record(z.string(), z.string()),
    software: z.record(z.string(), z.string()),
  }),
});
export type Iam = z.infer<typeof iamSchema>["iam"];

/** The outputs of the sandbox's stack, read with the command that other teams use. */
async function outputs(): Promise<unknown> {
  const { stdout } = await execa(
    node,
    ["sandbox/main.ts", "pulumi", "--", "stack", "output", "--json", "--show-secrets"],
    { cwd: projectFolder },
  );
  return JSON.parse(stdout);
}

export async function foundationOutputs(): Promise<Foundation> {
  return foundationSchema.parse(await outputs()).foundation;
}

export async function iamOutputs(): Promise<Iam> {
  return iamSchema.parse(await outputs()).iam;
}

/** `kubectl` on the sandbox's cluster: as the deployer, or as another user. */
export class Kubectl {
  readonly #binary: string;
  readonly #options: readonly string[];

  private constructor(binary: string, options: readonly string[]) {
    this.#binary = binary;
    this.#options = options;
  }

  /** As the deployer. */
  static async ofSandbox(): Promise<Kubectl> {
    const file = join(mkdtempSync(join(tmpdir(), "bibind-kubectl-")), "kubeconfig");
    const { kubeconfig } = await foundationOutputs();
    writeFileSync(file, kubeconfig, { mode: 0o600 });
    chmodSync(file, 0o600);
    return new Kubectl(join(await goTool("kubernetes"), "kubectl"), ["--kubeconfig", file]);
  }

  /** With the rights of another user, who belongs to the given groups only. */
  as(user: string, groups: readonly string[]): Kubectl {
    return new Kubectl(this.#binary, [
      ...this.#options,
      `--as=${user}`,
      ...[...groups, "system:authenticated"].map((group) => `--as-group=${group}`),
    ]);
  }

  /** Runs one command, which must succeed. @returns its standard output */
  async run(...args: readonly string[]): Promise<string> {
    const { stdout } = await execa(this.#binary, [...this.#options, ...args]);
    return stdout;
  }

  /** Runs one command, which may fail. @param manifest - its standard input. Default: none */
  async attempt(args: readonly string[], manifest?: object): Promise<CommandResult> {
    const input = manifest === undefined ? "" : JSON.stringify(manifest);
    const { exitCode, all } = await execa(this.#binary, [...this.#options, ...args], {
      input,
      all: true,
      reject: false,
    });
    return { exitCode, all };
  }

  /** Applies a manifest given as an object. */
  async apply(manifest: object): Promise<void> {
    await execa(this.#binary, [...this.#options, "apply", "-f", "-"], { input: JSON.stringify(manifest) });
  }
}
