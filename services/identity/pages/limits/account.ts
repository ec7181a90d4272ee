/**
 * The address of an account as Kratos compares it. All addresses of accounts are ASCII: another character cannot be right,
 * and Kratos' lower case of some others is a letter.
 */
export function accountOf(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replaceAll(/[^\x21-\x7E]/g, "?");
}
