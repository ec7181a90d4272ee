import { z } from "zod";
import { peopleRoles } from "../../components/vault/people.ts";
import { valueAt } from "../settings/schema.ts";
import { postgresSettings } from "../access/postgres-settings.ts";
import { checkedSecret, secretString } from "../settings/secret.ts";
import {
  displayName,
  distinct,
  emailAddress,
  hostName,
  rule,
  text,
  webAddress,
  wholeNumber,
} from "../settings/values.ts";
import { oauthClientSettings } from "./oauth-client-settings.ts";
import { faultOfSmtpUrl, urlWithoutCredential } from "./smtp-url.ts";

const serverCount = () =>
  z
    .union([z.literal(1), z.literal(3), z.literal(5)])
    .meta({ expected: "1, 3 or 5" })
    .default(1);

const sealSettings = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("static").describe("A key that this program generates, in a Secret. OpenBao only."),
    }),
    z.strictObject({
      kind: z
        .literal("transit")
        .describe("A key of the transit engine of another Vault, which must answer at every start."),
      address: webAddress("https://vault.example.com:8200", ["https"]).describe("URL of the other Vault."),
      keyName: text("the name of a key", /^\w([\w.-]*\w)?$/).describe("Name of the key."),
      mountPath: text("the path of a mount such as transit", /^[a-z0-9][\w-]*(\/[\w-]+)*$/)
        .default("transit")
        .describe("Path of the transit engine."),
      token: secretString("a token of the other Vault", /^[\x21-\x7E]{8,}$/).describe(
        "Token of the other Vault with the right to encrypt and decrypt with the key.",
      ),
    }),
  ])
  .describe("How Vault unseals itself after a start. A change needs a seal migration by hand.");

const ownSeal = rule((given) =>
  valueAt(given, ["distribution"]) === "vault" && valueAt(given, ["seal", "kind"]) !== "transit"
    ? [{ path: ["seal", "kind"], message: "HashiCorp Vault has no static seal; supported: transit" }]
    : [],
);

const vaultShape = z.strictObject({
  distribution: z
    .enum(["openbao", "vault"])
    .default("openbao")
    .describe("Distribution of Vault. A change replaces Vault and does not migrate its data."),
  hostName: hostName("vault").describe("Its host name below the domain. Changed in place."),
  replicas: serverCount().describe(
    "Servers of the Raft cluster. Start with 1 and increase it later: OpenBao initialises one server. Changed in place.",
  ),
  seal: sealSettings.prefault({ kind: "static" }),
  storageGiB: wholeNumber(1, 1024)
    .default(2)
    .describe(
      "Volume for the data of each server, and another of this size for its audit log, in GiB. It cannot be changed later.",
    ),
});

const signInSettings = z.strictObject({
  hostName: hostName("auth").describe(
    "Host name of the sign-in and of the token issuer. A change makes every issued token invalid.",
  ),
  replicas: wholeNumber(1, 9).default(1).describe("Pods of Hydra, of Kratos and of the pages. Changed in place."),
  secondFactor: distinct(z.enum(peopleRoles))
    .default(["operator", "auditor"])
    .describe("Roles that a person has only after a sign-in with a second factor. Changed in place."),
});

const startPageSettings = z.strictObject({
  hostName: hostName("welcome").describe("Host name that leads to the start page. Changed in place."),
});

const mailSettings = z.strictObject({
  connection: checkedSecret(
    "an SMTP URL such as smtps://user:password@mail.example.com:465",
    faultOfSmtpUrl,
    urlWithoutCredential,
  ).describe(
    "SMTP server for mail to people, with its credential. Special characters in the password are percent-encoded.",
  ),
  fromAddress: emailAddress().describe("Sender of the mail."),
  fromName: displayName().default("Bibind").describe("Name of the sender."),
});

const members = (rights: string) =>
  distinct(emailAddress()).default([]).describe(`E-mail addresses of people who ${rights}.`);

const peopleSettings = z.strictObject({
  operator: members("operate the platform: they revoke leases, rotate keys and users, and read no secret"),
  auditor: members("audit the platform: they read its configuration, and no secret"),
  developer: members("develop: each has a folder of secrets that no other person can read"),
});

/** Settings of the layer iam: PostgreSQL, Vault, Hydra, Kratos, the start page and the sign-in pages. */
export const iamSettings = z.strictObject({
  vault: vaultShape.check(ownSeal).prefault({}).describe("Vault, the store of secrets."),
  postgres: postgresSettings,
  signIn: signInSettings.prefault({}).describe("Sign-in of people."),
  startPage: startPageSettings
    .prefault({})
    .describe("Start page: what the platform is, where to sign in, and the applications of each person."),
  mail: mailSettings.describe("Mail to people, to verify addresses and to recover accounts."),
  people: peopleSettings
    .prefault({})
    .describe("Roles of people, by e-mail address. An address counts when its owner has verified it."),
  oauthClients: oauthClientSettings,
});

export type IamSettings = z.output<typeof iamSettings>;
