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

const ownerNames: ReadonlySet<string> = new Set(["identifier", "traits.email"]);

/** Tells password managers whose password this is, in a form that shows no field for it. */
function owner(inputs: readonly Input[], page: UiContainer): Html | undefined {
  const named = inputsOf(page.nodes).find(({ attributes }) => ownerNames.has(attributes.name));
  const shownHere = named?.attributes.type !== "hidden" && inputs.some(({ node }) => node === named?.node);
  const email: unknown = named?.attributes.value;
  return typeof email !== "string" || shownHere || inputs.every(({ attributes }) => attributes.type !== "password")
    ? undefined
    : html`<input type="text" autocomplete="username" value=${email} readonly hidden />`;
}

function form(page: UiContainer, nodes: readonly UiNode[], manner: FormManner): Html {
  const inputs = inputsOf(nodes);
  return html`<form method=${page.method} action=${page.action}>
    ${owner(inputs, page)}${nodes.map((node) => shown(node, inputs, manner))}
  </form>`;
}

/** A flow that is done in one form, whatever the number of ways to do it. */
export function oneForm(language: Language, ui: UiContainer): Content {
  return form(ui, shownNodes(ui.nodes), { language, prefix: "field", focus: true });
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
        ${form(ui, own, manner)}
      </section>`;
    });
}
