/** Keys of Hydra, with their length in characters. */
export const hydraKeys = { secretsSystem: { length: 32 }, secretsCookie: { length: 32 } } as const;

/** Keys of Kratos. Its ciphers need exactly 32 characters. */
export const kratosKeys = {
  secretsDefault: { length: 32 },
  secretsCookie: { length: 32 },
  secretsCipher: { length: 32 },
} as const;

/** Keys of the sign-in pages: `cookieSecret` signs their cookies. */
export const signInPagesKeys = { cookieSecret: { length: 64 } } as const;
