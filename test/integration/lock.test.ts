import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectFolder } from "../../sandbox/builds/folders.ts";

const node = join(projectFolder, "node_modules", ".bin", "node");
const holder = join(projectFolder, "test", "support", "sandbox-holder.ts");
const sandbox = join(projectFolder, "sandbox", "main.ts");

describe("two commands that work on the sandbox", function () {
  this.timeout(120_000);
  let cache = "";

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "bibind-lock-"));
  });

  afterEach(async () => {
    await rm(cache, { recursive: true });
  });

  /** Starts a process with the cache folder of the test, in another folder than this checkout. */
  const start = (...args: readonly string[]) =>
    execa(node, args, { cwd: tmpdir(), env: { BIBIND_CACHE: cache }, all: true, reject: false });

  /** Runs `work` while another process holds the sandbox, and then ends that process in good order. */
  async function whileHeld(work: (first: ReturnType<typeof start>) => Promise<void>): Promise<void> {
    const first = start(holder);
    try {
      const said: unknown[] = await once(first.stdout, "data");
      assert.equal(String(said[0]), "holds the sandbox\n");
      await work(first);
    } finally {
      first.stdin.end();
      await first;
    }
  }

  it("do not work at the same time: the second one says who works since when, and changes nothing", () =>
    whileHeld(async (first) => {
      for (const args of [["up"], ["down"], ["reset", "--yes"]]) {
        const { exitCode, all } = await start(sandbox, ...args);
        const refusal =
          /^the test works on the sandbox since \d\d:\d\d:\d\d UTC \(\d+ min\), so nothing was changed here$/m;
        assert.match(all, refusal);
        assert.match(all, new RegExp(`process ${first.pid}, started in ${projectFolder}$`, "m"));
        assert.equal(exitCode, 1, all);
        assert.deepEqual(await readdir(cache), [], all);
      }
    }));

  it("can work one after the other, also when the first one was killed", async () => {
    await whileHeld(async (first) => {
      first.kill("SIGKILL");
      await first;
    });
    await whileHeld(() => Promise.resolve());
  });

  it("can work at the same time in two cache folders", () =>
    whileHeld(async () => {
      const { stdout } = await execa(node, [holder, "true"], { env: { BIBIND_CACHE: join(cache, "other") } });
      assert.equal(stdout, "holds the sandbox");
    }));

  it("can work at the same time when one started the other", async () => {
    const { stdout } = await start(holder, node, holder, node, holder, "true");
    assert.deepEqual(stdout.split("\n"), Array(3).fill("holds the sandbox"));
  });

  it("do not work at the same time when the same command started both", async () => {
    // The first child says on a pipe that it holds the sandbox, and ends when the second one has answered.
    const siblings = `mkfifo "$BIBIND_CACHE/pipe"
      '${node}' '${holder}' sh -c 'echo > "$BIBIND_CACHE/pipe"; cat "$BIBIND_CACHE/pipe"' &
      read -r _ < "$BIBIND_CACHE/pipe"
      '${node}' '${holder}' true
      echo > "$BIBIND_CACHE/pipe"
      wait`;
    const { stdout } = await start(holder, "sh", "-c", siblings);
    assert.match(stdout, /the test works on the sandbox since/);
  });

  it("are told about each other when the first one is suspended", () =>
    whileHeld(async (first) => {
      first.kill("SIGSTOP");
      const { stdout } = await start(holder, "true");
      first.kill("SIGCONT");
      assert.match(stdout, /another command works on the sandbox and does not answer/);
    }));
});
