import { html as parts } from "htm/preact";
import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";

/** A piece of a page. What is put into it is escaped, always: there is no way to put in markup as text. */
export type Html = VNode;
export type Content = ComponentChildren;

/** HTML as a template: attributes that are `undefined` or `false` are left out, lists are put in one by one. */
export const html = (strings: TemplateStringsArray, ...values: readonly unknown[]): Html => parts(strings, ...values);

/** A whole document as text. */
export const documentText = (document: Html): string => `<!DOCTYPE html>${renderToString(document)}`;
