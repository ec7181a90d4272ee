/**
 * A number with its noun: `1 pod`, `2 pods`.
 *
 * @param many - plural of the noun; default: with an s
 */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
