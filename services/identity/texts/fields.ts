import type { Translated } from "./language.ts";

/** What we know of a field of Kratos' forms by its name. */
export interface KnownField {
  readonly label: Translated;
  /** For the browser and password managers (HTML, "autofill detail tokens"). */
  readonly autocomplete?: string;
  /** Digits only: phones then show digits. */
  readonly numeric?: boolean;
}

/** Fields by their name in Kratos' forms. Any other has the label that Kratos gives it. */
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
