import { kratosText } from "../../texts/kratos.ts";
import type { Language } from "../../texts/language.ts";
import { html, type Html } from "./html.ts";
import { isButton, type Input } from "./inputs.ts";

/**
 * Whether a button submits the form without the browser's validation: because it does something other than submit the method
 * (back, or send the code again), or because the form has required fields of another method.
 */
function skipsValidation(button: Input, inputs: readonly Input[]): boolean {
  const { group } = button.node;
  return (
    button.attributes.name !== "method" ||
    inputs.some(({ node, attributes }) => attributes.required === true && ![group, "default"].includes(node.group))
  );
}

/** A button of a form with these inputs. The first button that submits a method is the primary one. */
export function button(input: Input, inputs: readonly Input[], language: Language): Html {
  const { node, attributes } = input;
  const primary = inputs.find((each) => isButton(each) && each.attributes.name === "method");
  const label = node.meta.label ?? attributes.label;
  return html`<button
    type="submit"
    name=${attributes.name}
    value=${String(attributes.value ?? "")}
    class=${node === primary?.node ? undefined : "second"}
    formnovalidate=${skipsValidation(input, inputs)}
    disabled=${attributes.disabled}
  >
    ${label === undefined ? attributes.name : kratosText(language, label)}
  </button>`;
}
