import type { UiContainer, UiNode, UiNodeInputAttributes } from "@ory/kratos-client-fetch";

/** A node of Kratos' forms that is an input, with its attributes. */
export interface Input {
  readonly node: UiNode;
  readonly attributes: UiNodeInputAttributes;
}

/** The inputs among the nodes. */
export function inputsOf(nodes: readonly UiNode[]): Input[] {
  return nodes.flatMap((node) => {
    const { attributes } = node;
    return attributes.node_type === "input" ? [{ node, attributes }] : [];
  });
}

/** The text in an input of a form; undefined when the form does not have the input, or the input has no text. */
export function valueOf({ nodes }: UiContainer, name: string): string | undefined {
  const value: unknown = inputsOf(nodes).find(({ attributes }) => attributes.name === name)?.attributes.value;
  return typeof value === "string" ? value : undefined;
}

export const isButton = ({ attributes }: Input): boolean =>
  attributes.type === "submit" || attributes.type === "button";

/** Methods of sign-in that need a script in the browser; our pages run none. */
const scriptedGroups: ReadonlySet<string> = new Set(["webauthn", "passkey"]);

function needsScript({ group, attributes }: UiNode): boolean {
  const onClick = attributes.node_type === "input" && (attributes.onclick ?? attributes.onclickTrigger) !== undefined;
  return onClick || attributes.node_type === "script" || scriptedGroups.has(group);
}

/** The nodes that a page without scripts can show: first those that all methods share, then those of each method. */
export function shownNodes(nodes: readonly UiNode[]): UiNode[] {
  const shown = nodes.filter((node) => !needsScript(node));
  const common = (node: UiNode): boolean => node.group === "default";
  return [...shown.filter(common), ...shown.filter((node) => !common(node))];
}

/** The field to fill in first: the first one with an error, else the first empty one. */
export function firstToFill(inputs: readonly Input[]): Input | undefined {
  const fields = inputs.filter((input) => !isButton(input) && !["hidden", "checkbox"].includes(input.attributes.type));
  const isEmpty = ({ attributes: { value } }: Input): boolean => value === undefined || value === null || value === "";
  return fields.find(({ node }) => node.messages.length > 0) ?? fields.find(isEmpty);
}
