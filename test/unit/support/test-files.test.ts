import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectFolder } from "../../../sandbox/builds/folders.ts";
import { runTestFiles, type TestRun } from "../../support/test-files.ts";

/** Test files by their names. */
const planted = {
  passes: `it("passes", () => {});`,
  passesToo: `it("passes", () => {});`,
  fails: `it("fails", () => { throw new Error("on purpose"); });`,
  only: `it.only("passes", () => {});`,
  skips: `describe.skip("a group", () => { it("passes", () => {}); });`,
  skipsLate: `it("passes", () => {}); it("skips", function () { this.skip(); });`,
  exits: `it("passes", () => {}); it("ends the process", () => process.exit(0));`,
  exitsAtOnce: `process.exit(0);`,
  empty: `describe("a group", () => {});`,
};

describe("a run of test files", function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-planted-"));
    for (const [name, text] of Object.entries(planted)) {
      await writeFile(join(folder, `${name}.test.ts`), text);
    }
  });

  after(() => rm(folder, { recursive: true }));

  function run(names: readonly (keyof typeof planted)[], workers?: number): Promise<TestRun> {
    const files = names.map((name) => join(folder, `${name}.test.ts`));
    return runTestFiles(files, workers, async (args, env) => {
      const { exitCode } = await execa("node_modules/.bin/node", args, { cwd: projectFolder, env, reject: false });
      return exitCode;
    });
  }

  it("succeeds when a test passes in each file", async () => {
    assert.deepEqual(await run(["passes"]), { passed: 1, failed: 0, problems: [] });
    assert.deepEqual(await run(["passes", "passesToo"], 2), { passed: 2, failed: 0, problems: [] });
  });

  for (const workers of [undefined, 2]) {
    const mode = workers === undefined ? "in one process" : "with workers";
    it(`counts the failures and says what each one is, ${mode}`, async () => {
      const { passed, failed, problems } = await run(["passes", "fails"], workers);
      assert.deepEqual([passed, failed], [1, 1]);
      assert.match(problems[0] ?? "", /^fails \(.*fails\.test\.ts\): on purpose$/);
    });
  }

  for (const name of ["skips", "skipsLate", "exits", "exitsAtOnce", "empty"] as const) {
    for (const workers of [undefined, 2]) {
      const mode = workers === undefined ? "in one process" : "with workers";
      it(`fails because of the file "${name}", ${mode}`, async () => {
        assert.equal((await run(["passes", name], workers)).failed, 1);
      });
    }
  }

  it("fails when `only` would hide the failure of another file", async () => {
    assert.deepEqual((await run(["only", "fails"])).problems, [
      "mocha wrote no report: it could not load a test file, or a test file ended its process",
    ]);
    assert.equal((await run(["only", "fails"], 2)).failed, 2);
  });

  it("names the file in which no test passed", async () => {
    const { problems } = await run(["passes", "empty"]);
    assert.deepEqual(problems, [`no test passed in ${join(folder, "empty.test.ts")}`]);
  });

  it("fails when mocha fails although its report names no failure", async () => {
    const passed = [join(folder, "passes.test.ts")];
    const run = await runTestFiles(passed, undefined, async (_, { BIBIND_TEST_REPORT: report = "" }) => {
      await writeFile(report, JSON.stringify({ passed, failures: [] }));
      return 7;
    });
    assert.deepEqual(run, { passed: 1, failed: 1, problems: [] });
  });
});
