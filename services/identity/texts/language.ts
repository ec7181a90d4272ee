import Negotiator from "negotiator";

/** Languages of the pages; the first one is the default. */
export const languages = ["en", "fr"] as const;

export type Language = (typeof languages)[number];

/** A text in all languages. */
export type Translated = Readonly<Record<Language, string>>;

const supported = (value: unknown): Language | undefined => languages.find((language) => language === value);

/**
 * The language of a page.
 *
 * @param chosen - the trait `language` of the person who is signed in
 * @param accepted - the browser's header Accept-Language
 */
export function languageFor(chosen: unknown, accepted: string | undefined): Language {
  const negotiator = new Negotiator({ headers: { "accept-language": accepted } });
  return supported(chosen) ?? supported(negotiator.language([...languages])) ?? languages[0];
}
