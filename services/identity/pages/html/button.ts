import type { UiText } from "@ory/kratos-client-fetch";
import { kratosText } from "../../texts/kratos.ts";
import type { Language } from "../../texts/language.ts";
import { html, type Html } from "./html.ts";
import { isButton, type Input } from "./inputs.ts";

/**
 * Whether a button sends the form without the browser's own check: it does not submit the method (it goes back, or has
 * a code sent again), or another method in the same form has fields of its own that it does not need.
 */
function skipsCheck(button: Input, inputs: readonly Input[]): boolean {
  const { group } = button.node;
  return (
    button.attributes.name !== "method" ||
    inputs.some(({ node, attributes }) => attributes.required === true && ![group, "default"].includes(node.group))
  );
}

/** Kratos calls the first of two steps by what the second one does; nothing is made there yet. */
const stepLabels: Readonly<Record<string, UiText>> = {
  profile: { id: 1040003, text: "Continue", type: "info" },
};

function labelOf({ node, attributes }: Input): UiText | undefined {
  const label = node.meta.label ?? attributes.label;
  return label?.id === 1040001 ? (stepLabels[String(attributes.value)] ?? label) : label;
}

/** A button of a form that has these inputs; the first that submits a method is the one that stands out. */
export function button(input: Input, inputs: readonly Input[], language: Language): Html {
  const { node, attributes } = input;
  const main = inputs.find((each) => isButton(each) && each.attributes.name === "method");
  const label = labelOf(input);
  return html`<button
    type="submit"
    name=${attributes.name}
    value=${String(attributes.value ?? "")}
    class=${node === main?.node ? undefined : "second"}
    formnovalidate=${skipsCheck(input, inputs)}
    disabled=${attributes.disabled}
  >
    ${label === undefined ? attributes.name : kratosText(language, label)}
  </button>`;
}
