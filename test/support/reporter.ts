import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import Mocha from "mocha";

/**
 * Mocha's spec reporter. At the end, it also writes to a file the file of each test that passed, and a text for each test that
 * failed: see `test-files.ts`.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const passed: string[] = [];
    const failures: string[] = [];
    runner.on("pass", ({ file = "" }) => passed.push(file));
    runner.on("fail", (test, { message }: Error) => {
      failures.push(`${test.fullTitle()} (${relative("", test.file ?? "")}): ${message}`);
    });
    runner.once("end", () => {
      const report = process.env.BIBIND_TEST_REPORT;
      if (report !== undefined) {
        writeFileSync(report, JSON.stringify({ passed, failures }));
      }
    });
  }
}
