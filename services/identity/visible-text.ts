/**
 * Text of one line without control characters, and without invisible ones: with them, a name can look like another one, or
 * change the order of the characters around it. A regular expression that Kratos (Go) and JavaScript (flag `u`) share.
 */
export const visibleText = "^[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]*$";

const pattern = new RegExp(visibleText, "u");

export function isVisibleText(value: string): boolean {
  return pattern.test(value);
}
