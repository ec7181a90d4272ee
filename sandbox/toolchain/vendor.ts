import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { OperatorError } from "../../components/errors/operator-error.ts";
import { build } from "../builds/store.ts";
import { engineVersion, pluginVersions } from "./versions.ts";

/** The vendor's engine and plugins. */
export interface VendorToolchain {
  /** Path of the `pulumi` command. */
  readonly pulumi: string;
  /** The folder with the plugins, for `PULUMI_HOME`. */
  readonly home: string;
}

/** Longest wait for an answer of the vendor's download site. */
const answerMilliseconds = 5000;
const downloadMilliseconds = 10 * 60 * 1000;

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function onPath(command: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (await isExecutable(join(folder, command))) {
      return join(folder, command);
    }
  }
  return undefined;
}

async function hasRightVersion(pulumi: string): Promise<boolean> {
  const { stdout } = await execa(pulumi, ["version"], { reject: false, env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
  const [major, minor] = engineVersion.split(".");
  return stdout.trim().startsWith(`v${major}.${minor}.`);
}

/** The vendor's toolchain if the engine in our version, its Node language host and every plugin are on this machine. */
export async function installedVendor(): Promise<VendorToolchain | undefined> {
  const pulumi = await onPath("pulumi");
  const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  if (pulumi === undefined || !(await hasRightVersion(pulumi))) {
    return undefined;
  }
  const folder = dirname(await realpath(pulumi));
  const needed = [
    join(folder, "pulumi-language-nodejs"),
    ...Object.entries(pluginVersions).map(([name, version]) =>
      join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`),
    ),
  ];
  const present = await Promise.all(needed.map(isExecutable));
  return present.every(Boolean) ? { pulumi, home } : undefined;
}

/**
 * Downloads the engine and the plugins from the vendor's download site.
 *
 * @param home - the folder for the plugins
 * @throws OperatorError when the site does not answer within five seconds, or does not have the release
 */
export async function downloadVendor(home: string): Promise<VendorToolchain> {
  const machine = process.arch === "arm64" ? "arm64" : "x64";
  const url = `https://get.pulumi.com/releases/sdk/pulumi-v${engineVersion}-linux-${machine}.tar.gz`;
  await requireDownload(url);
  const folder = await build({
    name: "vendor-pulumi",
    inputs: { url },
    produce: async (into) => {
      const archive = await fetch(url, { signal: AbortSignal.timeout(downloadMilliseconds) });
      await execa("tar", ["-xz", "--strip-components=1", "-C", into], {
        input: Buffer.from(await archive.arrayBuffer()),
      });
    },
  });
  const pulumi = join(folder, "pulumi");
  for (const [name, version] of Object.entries(pluginVersions)) {
    await execa(pulumi, ["plugin", "install", "resource", name, `v${version}`], { env: { PULUMI_HOME: home } });
  }
  return { pulumi, home };
}

async function requireDownload(url: string): Promise<void> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(answerMilliseconds) });
    if (response.ok) {
      return;
    }
    throw new Error(`HTTP ${response.status}`);
  } catch (cause) {
    throw new OperatorError(
      {
        what: `Pulumi ${engineVersion} cannot be downloaded from the vendor's site: ${String(cause)}`,
        where: url,
        remedy: "unset BIBIND_TOOLCHAIN to build the toolchain from package registries",
      },
      { cause },
    );
  }
}
