import { z } from "zod";
import type { Contract } from "../contract.ts";

const schema = z.object({
  /** Issuer of the platform's tokens; its discovery document is below `/.well-known/openid-configuration`. */
  issuer: z.string(),
  /** URL at which people register and sign in; Kratos' public API answers there too. */
  signInUrl: z.string(),
  /** URL of Vault for people and deployers. */
  vaultAddress: z.string(),
  /** URL of Vault for pods. */
  vaultInnerAddress: z.string(),
  /** Recovery keys of HashiCorp Vault (a JSON list), secret; empty for OpenBao, which has none. */
  vaultRecoveryKeys: z.string(),
  /** Namespace of the deployer's service account, by which Vault lets it in. */
  deployerNamespace: z.string(),
  /** Running software and its version, by name. */
  software: z.record(z.string(), z.string()),
  /** Pages for people, by name. */
  urls: z.record(z.string(), z.string()),
});

export type IamContract = z.infer<typeof schema>;

export const iamContract: Contract<IamContract> = { layer: "iam", version: 1, schema };
