import { createHash } from "node:crypto";

/** A public key of a host: its type, and its bytes in the SSH protocol. */
export interface HostKey {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Key types of an OpenSSH host. */
const keyTypes = /^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp(256|384|521))$/;

/** Reads a line of a `.pub` or `known_hosts` file. @returns undefined when the line contains no key */
export function parseHostKey(text: string): HostKey | undefined {
  const words = text.trim().split(/\s+/);
  const at = words.findIndex((word) => keyTypes.test(word));
  const type = words[at];
  const encoded = words[at + 1];
  if (type === undefined || encoded === undefined) {
    return undefined;
  }
  const bytes = Buffer.from(encoded, "base64");
  return typeOf(bytes) === type ? { type, bytes } : undefined;
}

/** The type is the first string in the bytes of a key. */
function typeOf(bytes: Buffer): string {
  return bytes.length < 4 ? "" : bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString();
}

/** The fingerprint of a key, as `ssh-keygen -l` prints it. */
export function fingerprint(bytes: Buffer): string {
  return `SHA256:${createHash("sha256").update(bytes).digest("base64").replace(/=+$/, "")}`;
}

/**
 * The signature algorithms for a key type. The client offers only these, so the host does not choose a key of another
 * type.
 */
export function algorithmsOf(type: string): readonly ("ssh-ed25519" | "ssh-dss" | RsaAlgorithm | EcdsaAlgorithm)[] {
  switch (type) {
    case "ssh-rsa":
      return ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"];
    case "ecdsa-sha2-nistp256":
    case "ecdsa-sha2-nistp384":
    case "ecdsa-sha2-nistp521":
    case "ssh-dss":
      return [type];
    default:
      return ["ssh-ed25519"];
  }
}

type RsaAlgorithm = "rsa-sha2-512" | "rsa-sha2-256" | "ssh-rsa";
type EcdsaAlgorithm = "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" | "ecdsa-sha2-nistp521";
