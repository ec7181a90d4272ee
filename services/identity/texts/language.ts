import Negotiator from "negotiator";

/** Languages that people read on the pages; the first one is for those who speak neither. */
export const languages = ["en", "fr"] as const;

export type Language = (typeof languages)[number];

/** One text in every language. */
export type Translated = Readonly<Record<Language, string>>;

const known = (value: unknown): Language | undefined => languages.find((language) => language === value);

/**
 * The language of a page.
 *
 * @param chosen - the trait `language` of the person who is signed in
 * @param accepted - the browser's header Accept-Language
 */
export function languageFor(chosen: unknown, accepted: string | undefined): Language {
  const negotiator = new Negotiator({ headers: { "accept-language": accepted } });
  return known(chosen) ?? known(negotiator.language([...languages])) ?? languages[0];
}
