import { z } from "zod";
import { filePath, serviceUrl } from "../config.ts";

const mountPath = () => z.string().regex(/^[a-z0-9][-a-z0-9_/]*$/, "expected the path of a mount such as kubernetes");

/** Vault's address, and how this pod logs in. */
export const vaultSettings = z.strictObject({
  address: serviceUrl(),
  /** Role of the auth method; its policy allows what the command does, and nothing else. */
  role: z.string().min(1, "expected the name of a role"),
  /** Path below `auth/` of an auth method that takes `{role, jwt}` (kubernetes, jwt). */
  authMount: mountPath().default("kubernetes"),
  /** The pod's projected service account token. */
  tokenFile: filePath(),
  /** Path of the KV engine, version 2. */
  kvMount: mountPath().default("kv"),
});

export type VaultSettings = z.output<typeof vaultSettings>;
