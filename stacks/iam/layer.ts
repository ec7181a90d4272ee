import { requiredOfFoundation } from "../access/requirements.ts";
import { layer } from "../layer.ts";
import { iamContract } from "./contract.ts";
import { applications, relations } from "./relations.ts";
import { iamSettings } from "./settings.ts";

/** Identities and secrets: PostgreSQL, Vault, Hydra, Kratos and the sign-in pages. */
export const iam = layer({
  name: "iam",
  needs: ["foundation"],
  data: "the accounts of people (PostgreSQL), and every secret and key in Vault",
  settings: iamSettings,
  requires: (given) => requiredOfFoundation("iam", given),
  contract: iamContract,
  applications,
  relations,
  hosts: ({ vault, signIn, startPage }) => ({
    vault: vault.hostName,
    identity: signIn.hostName,
    welcome: startPage.hostName,
  }),
  clients: ({ oauthClients }) => oauthClients,
  load: async () => (await import("./index.ts")).deployIam,
});
