import { html as parts } from "htm/preact";
import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";

/** A part of a page. Its values are always escaped: text cannot become markup. */
export type Html = VNode;
export type Content = ComponentChildren;

/** HTML from a template. An attribute that is `undefined` or `false` is left out; a list is inserted item by item. */
export const html = (strings: TemplateStringsArray, ...values: readonly unknown[]): Html => parts(strings, ...values);

/** A whole document as text. */
export const documentText = (document: Html): string => `<!DOCTYPE html>${renderToString(document)}`;
