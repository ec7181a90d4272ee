import type { UiContainer, UiNode, UiNodeInputAttributes, UiText } from "@ory/kratos-client-fetch";
import { z } from "zod";
import { languages } from "../texts/language.ts";

/** A field of the form. Its name is that of Kratos' trait, so that it has the same label on every page. */
interface Field {
  readonly name: string;
  readonly required: boolean;
  /** Characters at most, as in the schema of the identity. */
  readonly longest: number;
  /** Whether an entry that is neither empty nor too long has the expected form. Default: always. */
  readonly isValid?: (entry: string) => boolean;
}

const email = z.email();
const supported = z.enum(languages);

const fields: readonly Field[] = [
  { name: "traits.email", required: true, longest: 320, isValid: (entry) => email.safeParse(entry).success },
  { name: "traits.name.first", required: true, longest: 100 },
  { name: "traits.name.last", required: true, longest: 100 },
  { name: "traits.organisation", required: false, longest: 200 },
  { name: "traits.language", required: true, longest: 2, isValid: (entry) => supported.safeParse(entry).success },
];

/** Messages of Kratos, which have a translation. */
const missing: UiText = { id: 4000002, text: "Please fill this in.", type: "error" };
export const unexpected: UiText = { id: 4000004, text: "This does not have the expected form.", type: "error" };
const next: UiText = { id: 1040003, text: "Continue", type: "info" };

function tooLong(longest: number): UiText {
  const text = `At most ${longest} characters are allowed.`;
  return { id: 4000017, text, type: "error", context: { max_length: longest } };
}

/** The entries of the form by the names of its fields, without blanks around them. */
export type Entries = ReadonlyMap<string, string>;

/** @param entry - the value of a field; undefined when it is empty */
export function entriesOf(entry: (name: string) => string | undefined): Entries {
  return new Map(fields.map(({ name }) => [name, (entry(name) ?? "").trim()]));
}

function problemOf({ required, longest, isValid }: Field, entry: string): UiText | undefined {
  if (entry === "") {
    return required ? missing : undefined;
  }
  if (entry.length > longest) {
    return tooLong(longest);
  }
  return isValid?.(entry) === false ? unexpected : undefined;
}

/** What is wrong with the entries, by the names of the fields. Empty when nothing is. */
export type Problems = ReadonlyMap<string, UiText>;

export function problemsOf(entries: Entries): Problems {
  return new Map(
    fields.flatMap((field) => {
      const problem = problemOf(field, entries.get(field.name) ?? "");
      return problem === undefined ? [] : [[field.name, problem] as const];
    }),
  );
}

/** The traits of Kratos' identity. */
export function traitsOf(entries: Entries): object {
  const [email, first, last, organisation, language] = fields.map(({ name }) => entries.get(name));
  return { email, name: { first, last }, ...(organisation === "" ? {} : { organisation }), language };
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

/**
 * The form as Kratos would describe it.
 *
 * @param action - URL that the form is sent to
 * @param token - protects the form (CSRF)
 */
export function registrationForm(action: string, token: string, entries: Entries, problems: Problems): UiContainer {
  const nodes = fields.map(({ name, required, longest }) => {
    const problem = problems.get(name);
    const value = entries.get(name);
    return {
      ...input({ name, required, maxlength: longest, value: value === "" ? undefined : value }),
      messages: problem === undefined ? [] : [problem],
    };
  });
  const submit = { ...input({ name: "method", type: "submit", value: "code" }), meta: { label: next } };
  return { action, method: "post", nodes: [input({ name: "_csrf", type: "hidden", value: token }), ...nodes, submit] };
}
