import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { build } from "../builds/store.ts";

const suite = "trixie";

/** The packages of each tree. The script `finish-NAME.sh TREE` then removes what the tree does not need. */
const trees = {
  // The certificates of public authorities, for programs that call other servers over TLS.
  authorities: ["ca-certificates"],
  busybox: ["busybox-static"],
  catatonit: ["catatonit"],
  // Not for an image: the browser of the tests, with a font.
  chromium: ["base-files", "chromium", "fonts-dejavu-core"],
  // The libraries that the Node binary needs.
  node: ["base-files", "libc6", "libgcc-s1", "libstdc++6"],
  postgresql: [
    "base-files",
    "bash",
    "coreutils",
    "dash",
    "findutils",
    "grep",
    "gzip",
    "libc-bin",
    "locales",
    "postgresql-17",
    "sed",
    "tar",
  ],
  // Not for an image: tools that the snap `microk8s` contains because a server may not have them.
  "snap-tools": ["ipset", "python3-yaml"],
} as const;

/** The name of a file system that is built from Debian packages. */
export type DebianTreeName = keyof typeof trees;

/** Documentation, which an image does not need. */
const excluded = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/lintian/*"];

/**
 * Builds a file system from Debian packages and their dependencies. The packages are unpacked but not configured.
 *
 * @returns a folder in the build store, which must not be changed
 */
export async function debianTree(name: DebianTreeName): Promise<string> {
  const packages: readonly string[] = trees[name];
  const script = join(import.meta.dirname, `finish-${name}.sh`);
  return build({
    name: `debian-${name}`,
    inputs: {
      suite,
      packages: packages.join(" "),
      excluded: excluded.join(" "),
      script: await readFile(script, "utf8"),
    },
    produce: async (into, log) => {
      const output = { file: log, append: true } as const;
      const run = async (command: string, ...args: readonly string[]): Promise<void> => {
        await execa(command, args, { stdin: "ignore", stdout: output, stderr: output });
      };
      await run(
        "mmdebstrap",
        "--mode=root",
        "--variant=extract",
        `--include=${packages.join(",")}`,
        ...excluded.map((path) => `--dpkgopt=path-exclude=${path}`),
        suite,
        into,
      );
      await run("sh", "-eu", script, into);
    },
  });
}
