import { z } from "zod";
import { plain, secret, type Outputs } from "../contract.ts";

const text = z.string();
const texts = z.record(z.string(), z.string());

const fields = z.object({
  issuer: plain(text).describe("Issuer of the platform's tokens (OpenID Connect Discovery)."),
  signInUrl: plain(text).describe("URL at which people register and sign in."),
  vaultAddress: plain(text).describe("URL of Vault for people and deployers."),
  vaultInternalAddress: plain(text).describe("URL of Vault for pods."),
  vaultRecoveryKeys: secret(text).describe("Recovery keys of HashiCorp Vault as a JSON list; empty for OpenBao."),
  vaultReady: plain(z.boolean()).describe("True when the deployer can configure Vault."),
  deployerNamespace: plain(text).describe("Namespace of the service account by which the deployer logs in to Vault."),
  software: plain(texts).describe("Versions of the running software, by name."),
  urls: plain(texts).describe("Pages for people, by name."),
});

export const iamContract = { layer: "iam", version: 2, fields };

export type IamOutputs = Outputs<typeof fields.shape>;
