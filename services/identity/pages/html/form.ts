import type { UiContainer, UiNode } from "@ory/kratos-client-fetch";
import { kratosText } from "../../texts/kratos.ts";
import type { Language } from "../../texts/language.ts";
import { say, texts, type TextName } from "../../texts/texts.ts";
import { button } from "./button.ts";
import { field } from "./field.ts";
import { html, type Content, type Html } from "./html.ts";
import { firstToFill, inputsOf, isButton, shownNodes, type Input } from "./inputs.ts";
import { data } from "./messages.ts";

interface FormOptions {
  readonly language: Language;
  /** Prefix of the ids of the form. */
  readonly prefix: string;
  /** Whether a field has the focus when the page opens. */
  readonly focus: boolean;
  /** Address of the person who is signed in. Default: the one in the form. */
  readonly account?: string;
}

/** A node of a form as HTML. */
function nodeHtml(node: UiNode, inputs: readonly Input[], { language, prefix, focus }: FormOptions): Html | undefined {
  const { attributes, meta } = node;
  switch (attributes.node_type) {
    case "input": {
      const input = { node, attributes };
      const focused = focus && node === firstToFill(inputs)?.node;
      return isButton(input) ? button(input, inputs, language) : field(node, attributes, { language, prefix, focused });
    }
    case "img": {
      const description = meta.label === undefined ? "" : kratosText(language, meta.label);
      return html`<img
        class="picture"
        src=${attributes.src}
        alt=${description}
        width=${attributes.width}
        height=${attributes.height}
      />`;
    }
    case "text":
      return data(language, attributes.text, meta.label);
    case "a":
      return html`<a class="button" href=${attributes.href}>${kratosText(language, attributes.title)}</a>`;
    case "script":
      return undefined;
  }
}

/** A hidden field for password managers: the account of the password, in a form that shows no field for it. */
function accountName(inputs: readonly Input[], page: UiContainer, { account }: FormOptions): Html | undefined {
  const identifier = inputsOf(page.nodes).find(({ attributes }) => attributes.name === "identifier");
  const isShown = identifier?.attributes.type !== "hidden" && inputs.some(({ node }) => node === identifier?.node);
  const email: unknown = account ?? identifier?.attributes.value;
  return typeof email !== "string" || isShown || inputs.every(({ attributes }) => attributes.type !== "password")
    ? undefined
    : html`<input type="text" autocomplete="username" value=${email} readonly hidden />`;
}

function form(page: UiContainer, nodes: readonly UiNode[], options: FormOptions): Html {
  const inputs = inputsOf(nodes);
  return html`<form method=${page.method} action=${page.action}>
    ${accountName(inputs, page, options)}${nodes.map((node) => nodeHtml(node, inputs, options))}
  </form>`;
}

/** A flow as one form, with all its methods. */
export function oneForm(language: Language, ui: UiContainer): Content {
  return form(ui, shownNodes(ui.nodes), { language, prefix: "field", focus: true });
}

const isTextName = (name: string): name is TextName => Object.hasOwn(texts, name);

/** The order of the sections; other groups come last. */
const sections = ["password", "totp", "lookup_secret", "oidc"];

const rank = (group: string): number => (sections.includes(group) ? sections.indexOf(group) : sections.length);

/** A flow as one section and one form per group of nodes. @param account - address of the person who is signed in */
export function formPerGroup(language: Language, ui: UiContainer, account?: string): Content {
  const nodes = shownNodes(ui.nodes);
  const groups = [...new Set(nodes.map(({ group }) => group))].filter((group) => group !== "default");
  return groups
    .sort((one, other) => rank(one) - rank(other))
    .map((group) => {
      const name = `settings.${group}`;
      const own = nodes.filter((node) => node.group === group || node.group === "default");
      const options = { language, prefix: group, focus: false, account };
      return html`<section class="section" aria-labelledby=${`group-${group}`}>
        <h2 id=${`group-${group}`}>${say(language, isTextName(name) ? name : "settings.other")}</h2>
        ${form(ui, own, options)}
      </section>`;
    });
}
