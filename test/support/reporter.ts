import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/**
 * Mocha's spec reporter. At the end, it also writes to a file how many tests failed, and the file of each test that passed:
 * see `test-files.ts`.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const passed: string[] = [];
    runner.on("pass", ({ file = "" }) => passed.push(file));
    runner.once("end", () => {
      const report = process.env.BIBIND_TEST_REPORT;
      if (report !== undefined) {
        writeFileSync(report, JSON.stringify({ passed, failed: this.stats.failures }));
      }
    });
  }
}
