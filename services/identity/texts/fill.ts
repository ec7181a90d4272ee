/** Values for the placeholders of a text, by name. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * Replaces the placeholders `{name}` of a text by values.
 *
 * @returns undefined when a placeholder has no value
 */
export function fill(text: string, values: Values): string | undefined {
  const placeholders = text.matchAll(/\{(\w+)\}/g);
  const complete = [...placeholders].every(([, name = ""]) => Object.hasOwn(values, name));
  return complete ? text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name])) : undefined;
}
