import assert from "node:assert/strict";
import { execa } from "execa";
import { projectFolder } from "../../../../sandbox/builds/folders.ts";

/** Runs the program with this standard input. It may fail. */
const run = (input: string) =>
  execa(process.execPath, ["services/outputs/main.ts"], { cwd: projectFolder, input, reject: false });

describe("the program that shows the outputs of a stack", () => {
  it("reads them from standard input", async () => {
    const { stdout, exitCode } = await run(JSON.stringify({ foundation: { domain: "bibind.test" } }));
    assert.equal(stdout, "output              value\nfoundation.domain   bibind.test");
    assert.equal(exitCode, 0);
  });

  for (const input of ["", "[1]", '"hush"']) {
    it(`names the right command when standard input has something else, and quotes nothing: ${JSON.stringify(input)}`, async () => {
      const { stderr, exitCode } = await run(input);
      assert.equal(exitCode, 1);
      assert.match(stderr, /^there are no outputs[^]*pulumi stack output --json/);
      assert.doesNotMatch(stderr, /hush|at file:/);
    });
  }
});
