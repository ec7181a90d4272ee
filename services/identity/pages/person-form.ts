import type { UiContainer, UiNode, UiNodeInputAttributes, UiText } from "@ory/kratos-client-fetch";
import { z } from "zod";
import { faultOfEmailAddress } from "../email-address.ts";
import { isVisibleText } from "../visible-text.ts";
import { languages } from "../texts/language.ts";

/** A field of the form. Its name is that of Kratos' trait, so that it has the same label on every page. */
interface Field {
  readonly name: string;
  readonly required: boolean;
  /** Characters at most, as in the schema of the identity. */
  readonly longest: number;
  /** Whether an entry that is neither empty nor too long has the expected form. */
  readonly isValid: (entry: string) => boolean;
}

const isEmailAddress = (entry: string): boolean => faultOfEmailAddress(entry) === undefined;
const supported = z.enum(languages);

const addressField: Field = { name: "traits.email", required: true, longest: 320, isValid: isEmailAddress };

/** What a person changes at any time. The address is no part of it: its owner proves it first. */
export const profileFields: readonly Field[] = [
  { name: "traits.name.first", required: true, longest: 100, isValid: isVisibleText },
  { name: "traits.name.last", required: true, longest: 100, isValid: isVisibleText },
  { name: "traits.organisation", required: false, longest: 200, isValid: isVisibleText },
  { name: "traits.language", required: true, longest: 2, isValid: (entry) => supported.safeParse(entry).success },
];

/** What a new account has. */
export const accountFields: readonly Field[] = [addressField, ...profileFields];

/** The form for another address. */
export const addressFields: readonly Field[] = [addressField];

/** Messages of Kratos, which have a translation. */
const missing: UiText = { id: 4000002, text: "Please fill this in.", type: "error" };
export const unexpected: UiText = { id: 4000004, text: "This does not have the expected form.", type: "error" };
const labels = {
  code: { id: 1040003, text: "Continue", type: "info" },
  profile: { id: 1070003, text: "Save", type: "info" },
} as const satisfies Record<string, UiText>;

function tooLong(longest: number): UiText {
  const text = `At most ${longest} characters are allowed.`;
  return { id: 4000017, text, type: "error", context: { max_length: longest } };
}

/** The entries of the form by the names of its fields, without blanks around them. */
export type Entries = ReadonlyMap<string, string>;

/** @param entry - the value of a field; undefined when it is empty */
export function entriesOf(fields: readonly Field[], entry: (name: string) => string | undefined): Entries {
  return new Map(fields.map(({ name }) => [name, (entry(name) ?? "").trim()]));
}

function problemOf({ required, longest, isValid }: Field, entry: string): UiText | undefined {
  if (entry === "") {
    return required ? missing : undefined;
  }
  if (entry.length > longest) {
    return tooLong(longest);
  }
  return isValid(entry) ? undefined : unexpected;
}

/** What is wrong with the entries, by the names of the fields. Empty when nothing is. */
export type Problems = ReadonlyMap<string, UiText>;

export function problemsOf(fields: readonly Field[], entries: Entries): Problems {
  return new Map(
    fields.flatMap((field) => {
      const problem = problemOf(field, entries.get(field.name) ?? "");
      return problem === undefined ? [] : [[field.name, problem] as const];
    }),
  );
}

/** The traits that a person changes at any time; there is no `organisation` when the entry is empty. */
export function profileOf(entries: Entries): Record<string, unknown> {
  const [first, last, organisation, language] = profileFields.map(({ name }) => entries.get(name));
  return { name: { first, last }, ...(organisation === "" ? {} : { organisation }), language };
}

/** The traits of a new account. */
export function traitsOf(entries: Entries): object {
  return { email: entries.get(addressField.name), ...profileOf(entries) };
}

function input(attributes: Pick<UiNodeInputAttributes, "name"> & Partial<UiNodeInputAttributes>): UiNode {
  return {
    type: "input",
    group: "default",
    messages: [],
    meta: {},
    attributes: { type: "text", disabled: false, ...attributes, node_type: "input" },
  };
}

/** A form of our own. */
export interface PersonForm {
  readonly fields: readonly Field[];
  /** URL that the form is sent to. */
  readonly action: string;
  /** Protects the form (CSRF). */
  readonly token: string;
  readonly entries: Entries;
  readonly problems: Problems;
  /** What the button does. */
  readonly method: keyof typeof labels;
}

/** The form as Kratos would describe it. */
export function personForm({ fields, action, token, entries, problems, method }: PersonForm): UiContainer {
  const nodes = fields.map(({ name, required, longest }) => {
    const problem = problems.get(name);
    const value = entries.get(name);
    return {
      ...input({ name, required, maxlength: longest, value: value === "" ? undefined : value }),
      messages: problem === undefined ? [] : [problem],
    };
  });
  const submit = { ...input({ name: "method", type: "submit", value: method }), meta: { label: labels[method] } };
  return { action, method: "post", nodes: [input({ name: "_csrf", type: "hidden", value: token }), ...nodes, submit] };
}

/** The form for the code in a mail. @param isWrong - whether the person has just entered a wrong one */
export function codeForm(action: string, token: string, isWrong: boolean): UiContainer {
  const wrong: UiText = { id: 4060006, text: "The code is wrong.", type: "error" };
  const code = { ...input({ name: "code", required: true, maxlength: 6 }), messages: isWrong ? [wrong] : [] };
  const submit = { ...input({ name: "method", type: "submit", value: "code" }), meta: { label: labels.code } };
  return { action, method: "post", nodes: [input({ name: "_csrf", type: "hidden", value: token }), code, submit] };
}
