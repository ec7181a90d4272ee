import { z } from "zod";
import { valueAt } from "../settings/anatomy.ts";
import { secretString } from "../settings/secret.ts";
import { distinct, dnsLabel, rule, text, webAddress, wholeNumber } from "../settings/values.ts";
import { oauthClientSettings } from "./oauth-client-settings.ts";

const email = () => text("an email address", /^[^\s@]+@[^\s@]+\.[^\s@]+$/);

const serverCount = () =>
  z
    .union([z.literal(1), z.literal(3), z.literal(5)])
    .meta({ expected: "1, 3 or 5" })
    .default(1);

const sealSettings = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("static").describe("A key that this program makes, in a Secret. OpenBao only.") }),
    z.strictObject({
      kind: z.literal("transit").describe("A key of the transit engine of another Vault, reached at every start."),
      address: webAddress("https://vault.example.com:8200", ["https"]).describe("URL of the other Vault."),
      keyName: text("the name of a key", /^[A-Za-z0-9][\w-]*$/).describe("Name of the key."),
      mountPath: text("the path of a mount such as transit", /^[a-z0-9][-\w/]*$/)
        .default("transit")
        .describe("Where the transit engine is mounted."),
      token: secretString("a token of the other Vault", /^\S{8,}$/).describe(
        "Token of the other Vault that may encrypt and decrypt with the key.",
      ),
    }),
  ])
  .describe("How Vault opens by itself after a start. A change needs a seal migration by hand.");

const ownSeal = rule((given) =>
  valueAt(given, ["distribution"]) === "vault" && valueAt(given, ["seal", "kind"]) !== "transit"
    ? [{ path: ["seal", "kind"], message: "HashiCorp Vault has no static seal; supported: transit" }]
    : [],
);

const vaultShape = z.strictObject({
  distribution: z
    .enum(["openbao", "vault"])
    .default("openbao")
    .describe("Program that answers. A change replaces Vault: what it holds is not taken along."),
  hostName: dnsLabel("vault").default("vault").describe("Its name below the domain. Changed in place."),
  replicas: serverCount().describe(
    "Servers that hold the data together. Begin with 1, then raise it: OpenBao initialises one server. Changed in place.",
  ),
  seal: sealSettings.prefault({ kind: "static" }),
  storageGiB: wholeNumber(1, 1024)
    .default(2)
    .describe("Volume for the data of each server, and as much for its audit log, in GiB. Cannot be changed later."),
});

const postgresSettings = z.strictObject({
  instances: wholeNumber(1, 5).default(1).describe("Servers: one primary, the others standby. Changed in place."),
  storageGiB: wholeNumber(1, 16384).default(5).describe("Volume of each server in GiB. It can only grow."),
  rotationHours: wholeNumber(1, 8760)
    .default(24)
    .describe("Hours after which each application gets another user of its database. Changed in place."),
});

const signInSettings = z.strictObject({
  hostName: dnsLabel("auth")
    .default("auth")
    .describe("Name below the domain of sign-in and token issuer. A change makes every issued token invalid."),
  replicas: wholeNumber(1, 9).default(1).describe("Pods of Hydra, of Kratos and of the pages each. Changed in place."),
});

const mailSettings = z.strictObject({
  connection: secretString(
    "an SMTP URL such as smtps://user:password@mail.example.com:465",
    /^smtps?:\/\/\S+$/,
  ).describe("SMTP server for mail to people, with its credentials."),
  fromAddress: email().describe("Sender of the mail."),
  fromName: text("a name of 1 to 64 characters", /^[^\n]{1,64}$/)
    .default("Bibind")
    .describe("Name of the sender."),
});

const members = (what: string) => distinct(email()).default([]).describe(`E-mail addresses of those who ${what}.`);

const peopleSettings = z.strictObject({
  operator: members("run the platform: they end leases, rotate keys and users, and read no secret"),
  auditor: members("examine the platform: they read its configuration, and no secret"),
  developer: members("develop: each has a folder of secrets that nobody else can read"),
});

/** The layer iam: PostgreSQL, Vault, Hydra, Kratos and the pages to sign in. */
export const iamSettings = z.strictObject({
  vault: vaultShape.check(ownSeal).prefault({}).describe("Where secrets are."),
  postgres: postgresSettings.prefault({}).describe("Database of Hydra and Kratos."),
  signIn: signInSettings.prefault({}).describe("Where people sign in."),
  mail: mailSettings.describe("How the platform writes to people: to verify addresses and to recover accounts."),
  people: peopleSettings
    .prefault({})
    .describe("Roles of people, by e-mail address; an address counts once its owner has verified it."),
  oauthClients: oauthClientSettings,
});

export type IamSettings = z.output<typeof iamSettings>;
