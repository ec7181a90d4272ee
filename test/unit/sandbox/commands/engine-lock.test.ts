import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { runningEngine } from "../../../../sandbox/commands/stack/engine-lock.ts";
import { stackFolder, stackName } from "../../../../sandbox/commands/stack/folder.ts";
import { useCacheFolder } from "../../../support/cache-folder.ts";
import { eventually } from "../../../support/eventually.ts";

describe("the lock of an engine", () => {
  useCacheFolder();

  const locks = (...texts: readonly string[]): void => {
    const folder = stackFolder(".pulumi", "locks", ...stackName.split("/"));
    mkdirSync(folder, { recursive: true });
    texts.forEach((text, index) => {
      writeFileSync(join(folder, `${index}.json`), text);
    });
  };

  it("does not count when the engine was killed while it wrote the lock", async () => {
    for (const text of ["", '{"pid":12', "{}"]) {
      locks(text);
      assert.equal(await runningEngine(), undefined);
    }
  });

  it("does not count when another program now has the process id of the engine", async () => {
    locks(JSON.stringify({ pid: process.pid }));
    assert.equal(await runningEngine(), undefined);
  });

  /** A program that starts a process named `pulumi`, which `ends` at once or not, and does not ask for its exit code. */
  const engineOf = (ends: boolean): string => `
import os, sys
pid = os.fork()
if pid == 0:
    open("/proc/self/comm", "w").write("pulumi")
    sys.stdin.read() if ${ends ? "False" : "True"} else None
    os._exit(0)
print(pid, flush=True)
sys.stdin.read()
`;

  for (const [what, ends] of [
    ["counts while the engine runs", false],
    ["does not count when the engine was killed and its parent has not noticed yet", true],
  ] as const) {
    it(what, async () => {
      const parent = spawn("python3", ["-c", engineOf(ends)], { stdio: ["pipe", "pipe", "inherit"] });
      try {
        const [line] = z.tuple([z.instanceof(Buffer)]).parse(await once(parent.stdout, "data"));
        const pid = Number(line);
        locks(JSON.stringify({ pid }));
        await eventually(`the process has ${ends ? "ended" : "its name"}`, 10, async () => {
          assert.match(
            await readFile(`/proc/${pid}/stat`, "utf8"),
            ends ? /^\d+ \(pulumi\) Z/ : /^\d+ \(pulumi\) [RS]/,
          );
        });
        assert.equal(await runningEngine(), ends ? undefined : pid);
      } finally {
        parent.stdin.end();
        await once(parent, "close");
      }
    });
  }
});
