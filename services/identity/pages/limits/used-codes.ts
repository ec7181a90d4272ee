import { Limit } from "./limit.ts";

/** Kratos accepts a code of an authenticator app in its 30 seconds, and in those before and after them. */
const lifetimeSeconds = 90;

const keyOf = (account: string, code: string): string => `${account} ${code}`;

/** The codes of authenticator apps that were used. A code works once (RFC 6238, section 5.2), which Kratos does not check. */
export class UsedCodes {
  readonly #uses = new Limit([{ tries: 1, seconds: lifetimeSeconds }]);

  /** Claims a code before it is tried. @returns whether it was free */
  async claim(account: string, code: string): Promise<boolean> {
    return (await this.#uses.take(keyOf(account, code))) === undefined;
  }

  /** The code was wrong: it may become right later. */
  release(account: string, code: string): Promise<void> {
    return this.#uses.giveBack(keyOf(account, code));
  }
}
