import { z } from "zod";
import { valueAt } from "../settings/anatomy.ts";
import { secretString } from "../settings/secret.ts";
import { distinct, hostAddress, network, port, rule, text, wholeNumber } from "../settings/values.ts";

/** Decodes base64 strictly; undefined when it is none. */
function decoded(base64: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, "base64") : undefined;
}

/** The texts that an SSH blob begins with: each is its length in 4 bytes, then itself (RFC 4251, section 5). */
function sshText(blob: Buffer | undefined, offset: number): string | undefined {
  if (blob === undefined || blob.length < offset + 4) {
    return undefined;
  }
  return blob.toString("latin1", offset + 4, offset + 4 + blob.readUInt32BE(offset));
}

/** A public key line says its type twice: in clear, and inside the key. A truncated or mixed-up line does not agree. */
function isPublicKey(line: string): boolean {
  const [type = "", key = ""] = line.split(" ");
  return /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa)$/.test(type) && sshText(decoded(key), 0) === type;
}

const magic = "openssh-key-v1\0";

/** Whether it is a private key of OpenSSH, and not encrypted: nobody is there to type a passphrase (PROTOCOL.key). */
function isPrivateKey(pem: string): boolean {
  const frame = /^-----BEGIN OPENSSH PRIVATE KEY-----\s([\s\S]+)\s-----END OPENSSH PRIVATE KEY-----\s*$/.exec(pem);
  const blob = decoded((frame?.[1] ?? "").replaceAll(/\s/g, ""));
  return blob?.toString("latin1", 0, magic.length) === magic && sshText(blob, magic.length) === "none";
}

const minimumSettings = z.strictObject({
  cpus: wholeNumber(1, 1024).default(2).describe("Processors that the machine must have."),
  memoryGiB: wholeNumber(1, 65536).default(8).describe("Memory that it must have, in GiB."),
  diskGiB: wholeNumber(1, 1048576).default(40).describe("Disk space that must be free for the cluster, in GiB."),
});

const firewallSettings = z.strictObject({
  allowedTcpPorts: distinct(port())
    .default([22, 80, 443, 16443])
    .describe("TCP ports open to everybody: SSH, HTTP, HTTPS and the Kubernetes API. Changed in place."),
  trustedNetworks: distinct(network())
    .default([])
    .describe("IPv4 networks (CIDR) whose machines reach every port. Changed in place."),
});

const hardeningSettings = z.strictObject({
  sshKeyOnly: z.boolean().default(true).describe("Whether SSH refuses passwords. Changed in place."),
  unattendedUpgrades: z
    .boolean()
    .default(true)
    .describe("Whether Debian's security updates install themselves. Changed in place."),
  firewall: firewallSettings.prefault({}).describe("What nftables lets in; everything else is dropped."),
  requireDiskEncryption: z
    .boolean()
    .default(false)
    .describe("Whether a machine without LUKS is refused. Otherwise it is only reported."),
});

const doorStaysOpen = rule((given) => {
  const ports = valueAt(given, ["hardening", "firewall", "allowedTcpPorts"]);
  const trusted = valueAt(given, ["hardening", "firewall", "trustedNetworks"]);
  const sshPort = valueAt(given, ["port"]);
  const open = !Array.isArray(ports) || ports.includes(sshPort) || (Array.isArray(trusted) && trusted.length > 0);
  return open || typeof sshPort !== "number"
    ? []
    : [
        {
          path: ["hardening", "firewall", "allowedTcpPorts"],
          message: `would lock you out: add the SSH port ${sshPort}, or your own network to trustedNetworks`,
        },
      ];
});

/** A machine that is reached over SSH: what it is, what it must have, how it is hardened. */
export const hostSettings = z
  .strictObject({
    address: hostAddress().describe(
      "Where the machine answers. A change means another machine: what is on the former stays there.",
    ),
    port: port().default(22).describe("TCP port of its SSH server."),
    user: text("a Linux user name", /^[a-z_][a-z0-9_-]{0,31}$/)
      .default("debian")
      .describe("User to sign in as; it must be root or have sudo without password."),
    privateKey: secretString(
      "an OpenSSH private key in PEM form, without passphrase",
      isPrivateKey,
      (pem) => `${pem.trimEnd()}\n`,
    ).describe("OpenSSH private key to sign in with. It can be exchanged at any time."),
    hostKey: text(
      'the public host key line, such as "ssh-ed25519 AAAA…" (ssh-keyscan prints it after the address)',
      isPublicKey,
    ).describe("Public key by which the machine proves who it is. A machine that shows another key is refused."),
    minimum: minimumSettings
      .prefault({})
      .describe("What the machine must have; checked before anything is changed on it."),
    hardening: hardeningSettings.prefault({}).describe("How the machine is closed to strangers."),
  })
  .check(doorStaysOpen);

export type HostSettings = z.output<typeof hostSettings>;
