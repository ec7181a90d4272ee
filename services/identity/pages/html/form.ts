import type { UiContainer, UiNode } from "@ory/kratos-client-fetch";
import { kratosText } from "../../texts/kratos.ts";
import type { Language } from "../../texts/language.ts";
import { say, texts, type TextName } from "../../texts/texts.ts";
import { button } from "./button.ts";
import { field } from "./field.ts";
import { html, type Content, type Html } from "./html.ts";
import { firstToFill, inputsOf, isButton, shownNodes, type Input } from "./inputs.ts";
import { data } from "./messages.ts";

interface FormManner {
  readonly language: Language;
  /** Begins the ids of the form. */
  readonly prefix: string;
  /** Whether a field takes the focus when the page opens. */
  readonly focus: boolean;
}

/** One node of a form, whatever its kind. */
function shown(node: UiNode, inputs: readonly Input[], { language, prefix, focus }: FormManner): Html | undefined {
  const { attributes, meta } = node;
  switch (attributes.node_type) {
    case "input": {
      const input = { node, attributes };
      const focused = focus && node === firstToFill(inputs)?.node;
      return isButton(input) ? button(input, inputs, language) : field(node, attributes, { language, prefix, focused });
    }
    case "img": {
      const words = meta.label === undefined ? "" : kratosText(language, meta.label);
      return html`<img
        class="picture"
        src=${attributes.src}
        alt=${words}
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

function form({ action, method }: UiContainer, nodes: readonly UiNode[], manner: FormManner, more?: Html): Html {
  const inputs = inputsOf(nodes);
  return html`<form method=${method} action=${action}>
    ${more}${nodes.map((node) => shown(node, inputs, manner))}
  </form>`;
}

/** A flow that is done in one form, whatever the number of ways to do it. */
export function oneForm(language: Language, ui: UiContainer): Content {
  return form(ui, shownNodes(ui.nodes), { language, prefix: "field", focus: true });
}

/** Tells password managers whose password this is, in a form that has no field for it. */
function owner(nodes: readonly UiNode[]): Html | undefined {
  const email: unknown = inputsOf(nodes).find(({ attributes }) => attributes.name === "traits.email")?.attributes.value;
  return typeof email === "string"
    ? html`<input type="text" autocomplete="username" value=${email} readonly hidden />`
    : undefined;
}

const isTextName = (name: string): name is TextName => Object.hasOwn(texts, name);

/** The order of the sections; groups that are not here come last. */
const sections = ["profile", "password", "totp", "lookup_secret", "oidc"];

const rank = (group: string): number => (sections.includes(group) ? sections.indexOf(group) : sections.length);

/** A flow in which each group of nodes is a thing of its own: one section and one form each. */
export function formPerGroup(language: Language, ui: UiContainer): Content {
  const nodes = shownNodes(ui.nodes);
  const groups = [...new Set(nodes.map(({ group }) => group))].filter((group) => group !== "default");
  return groups
    .sort((one, other) => rank(one) - rank(other))
    .map((group) => {
      const name = `settings.${group}`;
      const own = nodes.filter((node) => node.group === group || node.group === "default");
      const manner = { language, prefix: group, focus: false };
      return html`<section class="section" aria-labelledby=${`group-${group}`}>
        <h2 id=${`group-${group}`}>${say(language, isTextName(name) ? name : "settings.other")}</h2>
        ${form(ui, own, manner, group === "password" ? owner(nodes) : undefined)}
      </section>`;
    });
}
