import assert from "node:assert/strict";
import { Secret, TOTP } from "otpauth";
import type { Browser, Page } from "../integration/identity/browser.ts";

/** An authenticator app of a person. Each of its codes is another one, because a code works once. */
export class AuthenticatorApp {
  readonly #totp: TOTP;
  #time = Date.now();

  /** @param settings - text of the page that shows the secret */
  constructor(settings: string) {
    const secret = /\b[A-Z2-7]{32}\b/.exec(settings)?.[0];
    assert(secret !== undefined, `the page shows no secret for an authenticator app: ${settings}`);
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret) });
  }

  /**
   * Sets up the app in the account's settings.
   *
   * @param settings - the page of the settings
   * @returns the app, and the page that follows
   */
  static async setUp(
    browser: Browser,
    settings: Page,
  ): Promise<{ readonly app: AuthenticatorApp; readonly next: Page }> {
    const app = new AuthenticatorApp(settings.text);
    return { app, next: await browser.submit(settings, { totp_code: app.nextCode() }, "totp") };
  }

  /** The code of the present period, then that of the next one, which Kratos accepts too. */
  nextCode(): string {
    const code = this.#totp.generate({ timestamp: this.#time });
    this.#time += this.#totp.period * 1000;
    return code;
  }
}
