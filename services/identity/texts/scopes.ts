import type { Language, Translated } from "./language.ts";

/** What an application can do with a scope; the text follows "it can". */
export const scopeTexts: Readonly<Record<string, Translated>> = {
  openid: { en: "know who you are", fr: "savoir qui vous êtes" },
  email: { en: "see your e-mail address", fr: "voir votre adresse e-mail" },
  profile: { en: "see your name and your language", fr: "voir votre nom et votre langue" },
  groups: { en: "see your roles on the platform", fr: "voir vos rôles sur la plateforme" },
  offline: { en: "keep this access when you are away", fr: "garder cet accès en votre absence" },
  offline_access: { en: "keep this access when you are away", fr: "garder cet accès en votre absence" },
};

const unknownScope: Translated = { en: "use the permission", fr: "utiliser l’autorisation" };

/** A scope in words; a scope without a text is shown by its name. */
export function scopeText(language: Language, scope: string): string {
  const known = Object.hasOwn(scopeTexts, scope) ? scopeTexts[scope] : undefined;
  return known === undefined ? `${unknownScope[language]} ${scope}` : known[language];
}

/** The scopes in words, each text once. */
export function scopesInWords(language: Language, scopes: readonly string[]): string[] {
  return [...new Set(scopes.map((scope) => scopeText(language, scope)))];
}
