import type { Translated } from "./language.ts";

/** What the pages know about a field of Kratos' forms. */
export interface KnownField {
  readonly label: Translated;
  /** Value of the attribute `autocomplete`, for browsers and password managers. */
  readonly autocomplete?: string;
  /** Whether it contains only digits; phones then show a numeric keyboard. */
  readonly numeric?: boolean;
}

/** Fields by their names in Kratos' forms. Other fields have the label that Kratos gives them. */
export const knownFields: Readonly<Record<string, KnownField>> = {
  identifier: { label: { en: "E-mail address", fr: "Adresse e-mail" }, autocomplete: "username" },
  email: { label: { en: "E-mail address", fr: "Adresse e-mail" }, autocomplete: "email" },
  "traits.email": { label: { en: "E-mail address", fr: "Adresse e-mail" }, autocomplete: "email" },
  "traits.name.first": { label: { en: "First name", fr: "Prénom" }, autocomplete: "given-name" },
  "traits.name.last": { label: { en: "Last name", fr: "Nom" }, autocomplete: "family-name" },
  "traits.organisation": { label: { en: "Organisation", fr: "Organisation" }, autocomplete: "organization" },
  "traits.language": { label: { en: "Language", fr: "Langue" }, autocomplete: "language" },
  code: { label: { en: "Code", fr: "Code" }, autocomplete: "one-time-code", numeric: true },
  totp_code: {
    label: { en: "Code of your authenticator app", fr: "Code de votre application d’authentification" },
    autocomplete: "one-time-code",
    numeric: true,
  },
};
