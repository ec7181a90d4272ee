import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { build } from "../builds/store.ts";

const suite = "trixie";

/** Packages of each tree, and the script that finishes it: `finish-NAME.sh TREE`. */
const trees = {
  // Whom to trust, for programs that call others over TLS; nothing else.
  authorities: ["ca-certificates"],
  busybox: ["busybox-static"],
  catatonit: ["catatonit"],
  // What Node's own program links to.
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
  // Not an image: what the snap `microk8s` brings along, because a server does not have it.
  "snap-tools": ["ipset", "python3-yaml"],
} as const;

/** A file system made of Debian packages. */
export type DebianTreeName = keyof typeof trees;

/** Documentation has no place in an image. */
const excluded = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/lintian/*"];

/**
 * A tree of Debian packages with their dependencies, unpacked and not configured, finished by a script of ours.
 *
 * @returns a folder in the build store, to be read only
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
