import { z } from "zod";
import { valueAt } from "../settings/schema.ts";
import { secretString } from "../settings/secret.ts";
import { distinct, hostAddress, network, port, rule, text, wholeNumber } from "../settings/values.ts";

/** Decodes base64 strictly; undefined when the text is no base64. */
function decoded(base64: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, "base64") : undefined;
}

/** A string inside an SSH blob: its length in 4 bytes, then its bytes (RFC 4251, section 5). */
function sshText(blob: Buffer | undefined, offset: number): string | undefined {
  if (blob === undefined || blob.length < offset + 4) {
    return undefined;
  }
  return blob.toString("latin1", offset + 4, offset + 4 + blob.readUInt32BE(offset));
}

/** A public key line contains its type twice: as text, and inside the key. They differ in a truncated or mixed-up line. */
function isPublicKey(line: string): boolean {
  const [type = "", key = ""] = line.split(" ");
  return /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa)$/.test(type) && sshText(decoded(key), 0) === type;
}

const magic = "openssh-key-v1\0";

/** Whether it is an unencrypted private key of OpenSSH (PROTOCOL.key). Nobody could type a passphrase. */
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
    .default([22, 80, 443])
    .describe("TCP ports that everybody can reach: SSH, HTTP and HTTPS. Changed in place."),
  trustedNetworks: distinct(network())
    .default([])
    .describe(
      "IPv4 networks (CIDR) whose machines can reach every port: those of the deployers, who need the Kubernetes API " +
        "(16443), and of further machines. Changed in place.",
    ),
});

const hardeningSettings = z.strictObject({
  sshKeyOnly: z
    .boolean()
    .default(true)
    .describe("Whether SSH refuses passwords, and algorithms with SHA-1 or 64-bit codes. Changed in place."),
  unattendedUpgrades: z
    .boolean()
    .default(true)
    .describe("Whether security updates are installed every day. Changed in place."),
  firewall: firewallSettings.prefault({}).describe("Incoming connections that nftables accepts. It drops all others."),
  requireDiskEncryption: z
    .boolean()
    .default(false)
    .describe("Whether a machine without LUKS is refused. Otherwise its absence is only reported."),
});

const sshStaysReachable = rule((given) => {
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

/** A machine that is reached over SSH: its address, its minimum size, its hardening. */
export const hostSettings = z
  .strictObject({
    address: hostAddress().describe(
      "Address of the machine. Another address means another machine: nothing is removed from the old one.",
    ),
    port: port().default(22).describe("TCP port of its SSH server."),
    user: text("a Linux user name", /^[a-z_][a-z0-9_-]{0,31}$/)
      .default("debian")
      .describe("User of the SSH session; root, or a user with sudo without password."),
    privateKey: secretString(
      "an OpenSSH private key in PEM form, without passphrase",
      isPrivateKey,
      (pem) => `${pem.trimEnd()}\n`,
    ).describe("OpenSSH private key of that user. It can be replaced at any time."),
    hostKey: text(
      'the public host key line, such as "ssh-ed25519 AAAA…" (ssh-keyscan prints it after the address)',
      isPublicKey,
    )
      .meta({ givenByCommand: true })
      .describe("Public host key of the machine. A machine with another key is refused."),
    minimum: minimumSettings
      .prefault({})
      .describe("Minimum size of the machine, checked before anything is changed on it."),
    hardening: hardeningSettings.prefault({}).describe("Protection of the machine."),
  })
  .check(sshStaysReachable);

export type HostSettings = z.output<typeof hostSettings>;
