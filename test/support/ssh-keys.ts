import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";

/** An SSH key pair for a test. */
export interface KeyPair {
  /** Text in OpenSSH's format. */
  readonly private: string;
  /** One line, as in a `.pub` file. */
  readonly public: string;
}

/** Makes a key pair with OpenSSH. About one in 256 pairs of the package ssh2 is malformed. */
export function makeKeyPair(type: "ed25519" | "ecdsa" = "ed25519"): KeyPair {
  const folder = mkdtempSync(join(tmpdir(), "bibind-key-"));
  const file = join(folder, "key");
  try {
    execaSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", file]);
    return { private: readFileSync(file, "utf8"), public: readFileSync(`${file}.pub`, "utf8").trim() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
