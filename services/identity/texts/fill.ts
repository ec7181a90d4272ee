/** Values for the places of a text, by name. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * Puts values into a text's places: `{name}`.
 *
 * @returns undefined when the text has a place for which there is no value
 */
export function fill(text: string, values: Values): string | undefined {
  const places = text.matchAll(/\{(\w+)\}/g);
  const complete = [...places].every(([, name = ""]) => Object.hasOwn(values, name));
  return complete ? text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name])) : undefined;
}
