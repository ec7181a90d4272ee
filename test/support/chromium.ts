import { createInterface } from "node:readline";
import { execa } from "execa";
import { chromium, type Browser } from "playwright-core";
import { debianTree } from "../../sandbox/images/debian-trees.ts";

/** Starts the program in a Debian tree. Its mounts belong to its own namespace, so the tree does not change. */
const enter = `
mount -t tmpfs tmpfs "$1/tmp"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
exec chroot "$@"
`;

const program = [
  "/usr/lib/chromium/chromium",
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--user-data-dir=/tmp/profile",
  "--remote-debugging-port=0",
  "about:blank",
];

/** A browser that runs. */
export interface RunningChromium {
  readonly browser: Browser;
  stop(): Promise<void>;
}

/** Starts Debian's Chromium without a window. It must run as root. */
export async function startChromium(): Promise<RunningChromium> {
  const tree = await debianTree("chromium");
  const isolation = ["--mount", "--pid", "--fork", "--kill-child"];
  const running = execa("unshare", [...isolation, "sh", "-euc", enter, "sh", tree, ...program], {
    env: { HOME: "/tmp", LANG: "C.UTF-8", PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    extendEnv: false,
    stdin: "ignore",
    stdout: "ignore",
    buffer: false,
    reject: false,
  });
  const written: string[] = [];
  for await (const line of createInterface(running.stderr)) {
    written.push(line);
    const address = /^DevTools listening on (ws:.*)$/.exec(line)?.[1];
    if (address !== undefined) {
      running.stderr.resume();
      const browser = await chromium.connectOverCDP(address);
      return {
        browser,
        async stop() {
          await browser.close();
          // unshare ignores SIGTERM, and the end of unshare ends the browser.
          running.kill("SIGKILL");
          await running;
        },
      };
    }
  }
  throw new Error(`Chromium did not start:\n${written.join("\n")}`);
}
