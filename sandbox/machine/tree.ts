import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { build } from "../builds/store.ts";
import { contained } from "./contained.ts";

const suite = "trixie";

/** The packages of a minimal Debian server, and those that run containers. */
const packages = [
  "ca-certificates",
  "conntrack",
  "containerd",
  "containernetworking-plugins",
  "cryptsetup-bin",
  "curl",
  "dbus",
  "dnsmasq-base",
  "ethtool",
  "etcd-server",
  "iproute2",
  "iptables",
  "iputils-ping",
  "kmod",
  "less",
  "nano",
  "nftables",
  "openssh-server",
  "openssl",
  "procps",
  "python3",
  "runc",
  "socat",
  "sudo",
  "systemd",
  "systemd-sysv",
  "unattended-upgrades",
  "util-linux",
];

/** Debian enables these units on installation. The `microk8s` snap has its own services instead. */
const disabledUnits = ["containerd.service", "etcd.service", "fstrim.timer"];
const enabledUnits = ["chart-mirror.service", "mail-catcher.service", "name-server.service"];
/** The machine shares the clock of the computer. It can neither set the clock nor see whether it is synchronised. */
const maskedUnits = ["systemd-timedated.service"];

/** Increase this number when the steps below change but the inputs above do not. */
const stepsVersion = "1";

const imageFolder = join(import.meta.dirname, "image");

async function imageContents(): Promise<[name: string, content: string][]> {
  const entries = await readdir(imageFolder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => [
      file.slice(imageFolder.length),
      await readFile(file, "utf8"),
    ]),
  );
}

/** Removes the files that identify a single machine. Each machine gets its own. */
async function removeIdentity(tree: string): Promise<void> {
  const keys = (await readdir(join(tree, "etc", "ssh"))).filter((name) => name.startsWith("ssh_host_"));
  const files = [...keys.map((key) => `etc/ssh/${key}`), "etc/machine-id", "var/lib/dbus/machine-id", "etc/hostname"];
  for (const file of files) {
    await rm(join(tree, file), { force: true });
  }
}

async function produceTree(tree: string, log: string): Promise<void> {
  const output = { file: log, append: true } as const;
  const run = async (command: string, ...args: readonly string[]): Promise<void> => {
    await execa(...contained(command, ...args), { stdin: "ignore", stdout: output, stderr: output });
  };
  const inTree = (...args: readonly string[]): Promise<void> => run("chroot", tree, ...args);
  await run(
    "mmdebstrap",
    "--mode=root",
    "--variant=minbase",
    `--include=${packages.join(",")}`,
    '--aptopt=Apt::Install-Recommends "false"',
    suite,
    tree,
  );
  await run("cp", "--recursive", "--preserve=mode", `${imageFolder}/.`, tree);
  await inTree("useradd", "--create-home", "--shell", "/bin/bash", "--groups", "sudo", "debian");
  await inTree("systemctl", "disable", ...disabledUnits);
  await inTree("systemctl", "enable", ...enabledUnits);
  await inTree("systemctl", "mask", ...maskedUnits);
  await removeIdentity(tree);
}

/** The Debian tree that a new machine copies. It is built once. @returns a read-only folder of the build store */
export async function machineTree(): Promise<string> {
  return build({
    name: "machine-tree",
    inputs: {
      suite,
      packages: packages.join(" "),
      units: [...disabledUnits, ...enabledUnits, ...maskedUnits].join(" "),
      steps: stepsVersion,
      image: JSON.stringify((await imageContents()).sort()),
    },
    produce: produceTree,
  });
}
