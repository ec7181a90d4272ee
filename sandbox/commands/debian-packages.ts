import { execa } from "execa";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { step } from "../builds/progress.ts";

/** The Debian packages that must be installed on this computer, and what the sandbox needs each of them for. */
export const debianPackages: Readonly<Record<string, string>> = {
  buildah: "container images",
  "ca-certificates": "package registries over HTTPS",
  iproute2: "the machine's network",
  mmdebstrap: "Debian trees of the machine and of images",
  "openssh-client": "SSH keys, make ssh",
  python3: "download of programs from Python packages",
  "python3-pip": "download of programs from Python packages",
  "util-linux": "namespaces of the machine",
};

/**
 * The packages that are not installed.
 *
 * @param dpkgOutput - output of `dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n'`
 */
export function missingPackages(wanted: readonly string[], dpkgOutput: string): string[] {
  const installed = new Set<string>();
  for (const line of dpkgOutput.split("\n")) {
    const [name = "", status = ""] = line.split(" ");
    if (status.startsWith("ii")) {
      installed.add(name);
    }
  }
  return wanted.filter((name) => !installed.has(name));
}

/** Installs the packages that are missing. @throws OperatorError when apt-get fails */
export async function installDebianPackages(): Promise<void> {
  const wanted = Object.keys(debianPackages);
  const query = await execa("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Abbrev}\n", ...wanted], {
    reject: false,
  });
  const missing = missingPackages(wanted, query.stdout);
  if (missing.length === 0) {
    return;
  }
  await step(`install Debian packages: ${missing.join(", ")}`, async () => {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    const options = { env, reject: false, stdin: "ignore", all: true } as const;
    const update = await execa("apt-get", ["update", "-qq"], options);
    const install = ["install", "--yes", "--no-install-recommends", "-qq"];
    const result = await execa("apt-get", [...install, ...missing], options);
    if (result.failed) {
      throw new OperatorError({
        what: `apt-get could not install ${missing.join(", ")}\n${update.failed ? update.all : ""}${result.all}`,
        where: "apt-get install",
        remedy: "fix the problem that apt-get reports (package sources, network, a broken package), then run again",
      });
    }
  });
}
