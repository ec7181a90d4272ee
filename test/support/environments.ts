import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { SettingsSource } from "../../stacks/settings/source.ts";
import { hashiCorpVault } from "./iam.ts";
import { makeKeyPair } from "./ssh-keys.ts";

/** The environments whose settings are in the repository. */
export const environments = ["ovh", "sandbox"] as const;
export type Environment = (typeof environments)[number];

const stackFile = z.object({ config: z.record(z.string(), z.unknown()) });
const keyPair = makeKeyPair();
const foundation = z.looseObject({ host: z.looseObject({ hardening: z.looseObject({}).default({}) }) });
/** The network of the deployers, for an environment that names none. */
const firewall = { trustedNetworks: ["192.0.2.0/24"] };
const iam = z.looseObject({ mail: z.looseObject({}) });

/**
 * The settings of an environment in the repository. Secrets of a test replace the encrypted ones. Golden files show no
 * secret, so they do not depend on these values.
 */
export function settingsOf(environment: Environment): SettingsSource {
  const file = `Pulumi.${environment}.yaml`;
  const text = readFileSync(join(import.meta.dirname, "..", "..", file), "utf8");
  const { config } = stackFile.parse(parse(text));
  const values = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^bibind:/, ""), value]));
  const { host, ...others } = foundation.parse(values["foundation"]);
  const { private: privateKey, public: hostKey } = keyPair;
  const { mail, ...identity } = iam.parse(values["iam"]);
  const connection = "smtps://platform:a-password@mail.example.com:465";
  return {
    file,
    values: {
      ...values,
      foundation: {
        ...others,
        host: { ...host, privateKey, hostKey, hardening: { firewall, ...host.hardening } },
      },
      iam: { ...identity, mail: { ...mail, connection } },
    },
  };
}

const secretSettings = z.object({
  foundation: z.object({ host: z.object({ privateKey: z.string() }) }),
  iam: z.object({
    mail: z.object({ connection: z.string() }),
    vault: z.object({ seal: z.object({ token: z.string().default("") }).optional() }).optional(),
  }),
});

/** A part of each secret in the settings. Each part lies within one line, so that every copy contains it. */
export function secretsIn({ values }: SettingsSource): string[] {
  const { foundation, iam } = secretSettings.parse(values);
  const key = foundation.host.privateKey.split("\n").find((line) => line.length > 60);
  const { password } = new URL(iam.mail.connection);
  return [key, password, iam.vault?.seal?.token].filter((secret) => secret !== undefined);
}

/** The sandbox's settings with HashiCorp Vault. Every environment in the repository uses OpenBao. */
export function settingsWithHashiCorpVault(): SettingsSource {
  const { values } = settingsOf("sandbox");
  return {
    file: "Pulumi.vault.yaml",
    values: { ...values, iam: { ...iam.parse(values["iam"]), vault: hashiCorpVault } },
  };
}
