/** Keys that each application keeps for itself, in characters; Kratos' ciphers take exactly 32. */
export const keyrings = {
  hydra: { secretsSystem: { length: 32 }, secretsCookie: { length: 32 } },
  kratos: { secretsDefault: { length: 32 }, secretsCookie: { length: 32 }, secretsCipher: { length: 32 } },
  identity: { cookieSecret: { length: 64 } },
} as const;

/** An application with keys of its own. */
export type KeptApplication = keyof typeof keyrings;

/** Values of each key that are kept: what the former ones encrypted or signed can still be read. */
export const keptValues = 3;

/** New keys come in the night of the first of a month, as cron says it, in UTC. */
export const keyringSchedule = "17 3 1 * *";
