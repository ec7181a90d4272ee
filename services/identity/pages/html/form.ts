import type { UiContainer, UiNode, UiNodeInputAttributes, UiText } from "@ory/kratos-client-fetch";
import { z } from "zod";
import { kratosText } from "../../texts/kratos.ts";
import type { Language } from "../../texts/language.ts";
import { texts, say, type TextName } from "../../texts/texts.ts";
import { field } from "./field.ts";
import { html, type Content, type Html } from "./html.ts";

/** Ways to sign in that need a script in the browser; our pages run none. */
const scriptedGroups: ReadonlySet<string> = new Set(["webauthn", "passkey"]);

interface Input {
  readonly node: UiNode;
  readonly attributes: UiNodeInputAttributes;
}

function inputOf(node: UiNode): Input[] {
  const { attributes } = node;
  return attributes.node_type === "input" ? [{ node, attributes }] : [];
}

const isButton = ({ attributes }: Input): boolean => attributes.type === "submit" || attributes.type === "button";

/** The nodes that a page without scripts can show. */
function shownNodes(nodes: readonly UiNode[]): UiNode[] {
  return nodes.filter(({ group, attributes }) => {
    const scripted =
      attributes.node_type === "input" && (attributes.onclick ?? attributes.onclickTrigger) !== undefined;
    return !scripted && attributes.node_type !== "script" && !scriptedGroups.has(group);
  });
}

/** Kratos' messages for the whole form. */
export function messages(language: Language, list: readonly UiText[]): Html[] {
  return list.map(
    (message) =>
      html`<p class=${`message ${message.type}`} role=${message.type === "error" ? "alert" : "status"}>
        ${kratosText(language, message)}
      </p>`,
  );
}

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

/** The field to begin with: the first with a mistake, else the first that is empty. */
function firstToFill(inputs: readonly Input[]): Input | undefined {
  const fields = inputs.filter((input) => !isButton(input) && !["hidden", "checkbox"].includes(input.attributes.type));
  const empty = ({ attributes }: Input) =>
    attributes.value === undefined || attributes.value === "" || attributes.value === null;
  return fields.find(({ node }) => node.messages.length > 0) ?? fields.find(empty);
}

const secretList = z.object({ secrets: z.array(z.object({ context: z.object({ secret: z.string() }).partial() })) });

/** Data that Kratos shows: the key of an authenticator app, or backup codes; those already used are left out. */
function dataText(language: Language, { text, label }: { text: UiText; label: UiText | undefined }): Html {
  const heading = label === undefined ? undefined : html`<p>${kratosText(language, label)}</p>`;
  const list = secretList.safeParse(text.context);
  if (!list.success) {
    return html`<div class="field">${heading}<code>${text.text}</code></div>`;
  }
  const codes = list.data.secrets.flatMap(({ context }) => context.secret ?? []);
  return html`<div class="field">
    ${heading}
    <ul class="codes">
      ${codes.map((code) => html`<li><code>${code}</code></li>`)}
    </ul>
  </div>`;
}

interface FormManner {
  readonly language: Language;
  readonly prefix: string;
  /** One field of the page takes the focus; not in the further forms of a page. */
  readonly focus: boolean;
}

function formContent(nodes: readonly UiNode[], { language, prefix, focus }: FormManner): Content {
  const inputs = nodes.flatMap(inputOf);
  const first = focus ? firstToFill(inputs) : undefined;
  const main = inputs.find((input) => isButton(input) && input.attributes.name === "method");
  return nodes.map((node) => {
    const { attributes, meta } = node;
    switch (attributes.node_type) {
      case "input": {
        const input = { node, attributes };
        if (!isButton(input)) {
          return field(node, attributes, { language, prefix, focused: node === first?.node });
        }
        const label = meta.label ?? attributes.label;
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
      case "img":
        return html`<img
          class="picture"
          src=${attributes.src}
          width=${attributes.width}
          height=${attributes.height}
          alt=${meta.label === undefined ? "" : kratosText(language, meta.label)}
        />`;
      case "text":
        return dataText(language, { text: attributes.text, label: meta.label });
      case "a":
        return html`<a class="button" href=${attributes.href}>${kratosText(language, attributes.title)}</a>`;
      default:
        return undefined;
    }
  });
}

function form(ui: UiContainer, nodes: readonly UiNode[], manner: FormManner): Html {
  return html`<form method=${ui.method} action=${ui.action}>${formContent(nodes, manner)}</form>`;
}

/** A flow that is done in one form, whatever the number of ways to do it. */
export function oneForm(language: Language, ui: UiContainer): Content {
  return form(ui, shownNodes(ui.nodes), { language, prefix: "field", focus: true });
}

const isTextName = (name: string): name is TextName => Object.hasOwn(texts, name);

/** A flow in which each group of nodes is a thing of its own: one section and one form each. */
export function formPerGroup(language: Language, ui: UiContainer): Content {
  const nodes = shownNodes(ui.nodes);
  const groups = new Set(nodes.map(({ group }) => group).filter((group) => group !== "default"));
  return [...groups].map((group) => {
    const name = `settings.${group}`;
    const own = nodes.filter((node) => node.group === group || node.group === "default");
    return html`<section class="section" aria-labelledby=${`group-${group}`}>
      <h2 id=${`group-${group}`}>${say(language, isTextName(name) ? name : "settings.other")}</h2>
      ${form(ui, own, { language, prefix: group, focus: false })}
    </section>`;
  });
}
