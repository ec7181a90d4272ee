import type { UiNode, UiNodeInputAttributes, UiText } from "@ory/kratos-client-fetch";
import { knownFields } from "../../texts/fields.ts";
import { kratosText } from "../../texts/kratos.ts";
import { languages, type Language } from "../../texts/language.ts";
import { say } from "../../texts/texts.ts";
import { html, type Html } from "./html.ts";

/** How to show a field. */
export interface FieldOptions {
  readonly language: Language;
  /** Prefix of ids, so that two forms of a page have different ones. */
  readonly prefix: string;
  /** Whether the field has the focus when the page opens. */
  readonly focused: boolean;
}

function labelOf(node: UiNode, attributes: UiNodeInputAttributes, language: Language): string {
  const known = knownFields[attributes.name];
  const given = node.meta.label ?? attributes.label;
  // The label of a code says which code it is; other fields have the same label everywhere.
  const own = attributes.name === "code" ? undefined : known?.label[language];
  return own ?? (given === undefined ? (known?.label[language] ?? attributes.name) : kratosText(language, given));
}

function problems(id: string, messages: readonly UiText[], language: Language): Html | undefined {
  return messages.length === 0
    ? undefined
    : html`<div id=${`${id}-problem`}>
        ${messages.map((message) => html`<p class="problem">${kratosText(language, message)}</p>`)}
      </div>`;
}

/** The value of a field as text; undefined when it has none. */
function valueText({ value }: UiNodeInputAttributes): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

function languageChoice(id: string, attributes: UiNodeInputAttributes, language: Language): Html {
  const chosen = valueText(attributes) ?? language;
  return html`<select id=${id} name=${attributes.name} autocomplete="language">
    ${languages.map(
      (option) =>
        html`<option value=${option} selected=${option === chosen}>${say(language, `language.${option}`)}</option>`,
    )}
  </select>`;
}

function input(id: string, node: UiNode, attributes: UiNodeInputAttributes, focused: boolean): Html {
  const known = knownFields[attributes.name];
  const invalid = node.messages.some(({ type }) => type === "error");
  return html`<input
    id=${id}
    name=${attributes.name}
    type=${attributes.name === "traits.email" ? "email" : attributes.type}
    value=${attributes.type === "password" ? undefined : valueText(attributes)}
    required=${attributes.required === true}
    disabled=${attributes.disabled}
    pattern=${attributes.pattern}
    maxlength=${attributes.maxlength}
    autocomplete=${attributes.autocomplete ?? known?.autocomplete}
    inputmode=${known?.numeric === true ? "numeric" : undefined}
    autocapitalize=${known?.autocomplete === "username" ? "none" : undefined}
    autofocus=${focused}
    aria-invalid=${invalid ? "true" : undefined}
    aria-describedby=${node.messages.length > 0 ? `${id}-problem` : undefined}
  />`;
}

function checkbox(id: string, attributes: UiNodeInputAttributes): Html {
  const checked = attributes.value === true;
  return html`<input
    id=${id}
    name=${attributes.name}
    type="checkbox"
    value="true"
    checked=${checked}
    required=${attributes.required === true}
  />`;
}

/** A field with its label and its error messages. */
export function field(node: UiNode, attributes: UiNodeInputAttributes, options: FieldOptions): Html {
  const { language, prefix, focused } = options;
  const id = `${prefix}-${attributes.name.replaceAll(/[^A-Za-z0-9]/g, "-")}`;
  const label = html`<label for=${id}>${labelOf(node, attributes, language)}</label>`;
  if (attributes.type === "hidden") {
    return html`<input type="hidden" name=${attributes.name} value=${valueText(attributes) ?? ""} />`;
  }
  if (attributes.type === "checkbox") {
    return html`<div class="check">${checkbox(id, attributes)}${label}${problems(id, node.messages, language)}</div>`;
  }
  const control =
    attributes.name === "traits.language"
      ? languageChoice(id, attributes, language)
      : input(id, node, attributes, focused);
  return html`<div class="field">${label}${control}${problems(id, node.messages, language)}</div>`;
}
