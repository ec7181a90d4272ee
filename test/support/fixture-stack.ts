import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parseDocument, stringify } from "yaml";
import { projectFolder } from "../../sandbox/builds/folders.ts";
import { installedEngine } from "../../sandbox/commands/stack/engine.ts";
import { stackName as sandboxStack } from "../../sandbox/commands/stack/folder.ts";
import { changesIn } from "./preview.ts";

const folder = join(projectFolder, "test", "fixture");

/** Runs the engine on the program of test/fixture. It may fail. */
async function runFixture(...args: readonly string[]) {
  const { pulumi, environment } = await installedEngine();
  return execa(pulumi, [...args, "--non-interactive", "--color", "never"], {
    cwd: folder,
    env: environment,
    stdin: "ignore",
    reject: false,
  });
}

/** Runs the engine on the program of test/fixture. The command must succeed; returns its standard output. */
export async function fixtureEngine(...args: readonly string[]): Promise<string> {
  const result = await runFixture(...args);
  assert.equal(result.exitCode, 0, `pulumi ${args.join(" ")}:\n${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

/** Runs the engine on the program of test/fixture. The command must fail; returns all its output. */
export async function fixtureEngineFails(...args: readonly string[]): Promise<string> {
  const result = await runFixture(...args);
  assert.notEqual(result.exitCode, 0, `pulumi ${args.join(" ")} was expected to fail:\n${result.stdout}`);
  return `${result.stdout}\n${result.stderr}`;
}

/** A stack with the fixture's layer alone. It reads the other layers from the sandbox's stack. */
export class FixtureStack {
  static readonly stackName = "organization/bibind/notes";
  readonly #settings = join(folder, "Pulumi.notes.yaml");

  async create(): Promise<void> {
    const config = { "bibind:layers": ["notes"], "bibind:upstream": sandboxStack };
    await writeFile(this.#settings, stringify({ config }), { mode: 0o600 });
    await fixtureEngine("stack", "init", FixtureStack.stackName, "--no-select");
  }

  /** Opens the protection of data. The next update makes it effective. */
  async openProtection(): Promise<void> {
    const document = parseDocument(await readFile(this.#settings, "utf8"));
    document.setIn(["config", "bibind:protectData"], false);
    await writeFile(this.#settings, document.toString());
  }

  async up(): Promise<void> {
    await fixtureEngine("up", "--yes", "--skip-preview", "--stack", FixtureStack.stackName);
  }

  /** The changes that an update would make, with a config value for this preview only. */
  async preview(config: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const given = Object.entries(config).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
    return changesIn(await fixtureEngine("preview", "--json", "--stack", FixtureStack.stackName, ...given));
  }

  async destroy(...options: readonly string[]): Promise<void> {
    await fixtureEngine("destroy", "--yes", "--skip-preview", "--stack", FixtureStack.stackName, ...options);
  }

  /** Removes the stack and its settings. `--force`, because the state still has the reference to the upstream stack. */
  async remove(): Promise<void> {
    await fixtureEngine("stack", "rm", "--yes", "--force", "--preserve-config", FixtureStack.stackName);
    await rm(this.#settings);
  }
}
