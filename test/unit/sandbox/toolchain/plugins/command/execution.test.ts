import assert from "node:assert/strict";
import { OutputRecorder } from "../../../../../../sandbox/toolchain/plugins/command/execution.ts";
import type { Logging } from "../../../../../../sandbox/toolchain/plugins/command/inputs.ts";

describe("the output of a remote command", () => {
  /** A recorder, and the lines that it shows. */
  function recording(logging: Logging): { recorder: OutputRecorder; shown: string[] } {
    const shown: string[] = [];
    const context = { log: (_severity: string, line: string) => Promise.resolve(void shown.push(line)) };
    return { recorder: new OutputRecorder(context, logging), shown };
  }
  const bytes = (text: string): Uint8Array => Buffer.from(text);

  it("keeps unfinished lines of the two streams apart", () => {
    const { recorder, shown } = recording("stdoutAndStderr");
    recorder.add("stdout", bytes("install "));
    recorder.add("stderr", bytes("warning: "));
    recorder.add("stdout", bytes("done\n"));
    recorder.add("stderr", bytes("old\n"));
    assert.deepEqual(shown, ["install done", "warning: old"]);
    assert.equal(recorder.lastLines(), "install done\nwarning: old");
  });

  it("is shown to its end, also when the last line has no line break", () => {
    const { recorder, shown } = recording("stderr");
    recorder.add("stderr", bytes("one\ntwo"));
    assert.deepEqual(shown, ["one"]);
    recorder.end();
    assert.deepEqual(shown, ["one", "two"]);
    recorder.end();
    assert.deepEqual(shown, ["one", "two"], "nothing is shown twice");
  });

  it("keeps a character whose bytes arrive in two chunks", () => {
    const { recorder, shown } = recording("stdoutAndStderr");
    const [first, second] = [bytes("é\n").subarray(0, 1), bytes("é\n").subarray(1)];
    recorder.add("stdout", first);
    recorder.add("stderr", bytes("other\n"));
    recorder.add("stdout", second);
    assert.deepEqual(shown, ["other", "é"]);
    assert.equal(recorder.lastLines(), "other\né");
    assert.deepEqual(recorder.printed(), { stdout: "é", stderr: "other" });
  });

  it("in an error has the last lines of both streams, also of those that are not shown", () => {
    const { recorder, shown } = recording("none");
    recorder.add("stdout", bytes(Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join("")));
    recorder.add("stderr", bytes("failed"));
    recorder.end();
    const lines = recorder.lastLines().split("\n");
    assert.deepEqual([lines.length, lines[0], lines.at(-1)], [20, "line 11", "failed"]);
    assert.deepEqual(shown, []);
  });
});
