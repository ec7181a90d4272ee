import assert from "node:assert/strict";
import { z } from "zod";
import { eventually } from "../../support/eventually.ts";
import { signUp, type Name } from "../../support/sign-up.ts";
import type { Application } from "./application.ts";
import { Browser, type Connection, type Page } from "./browser.ts";
import type { Platform } from "./platform.ts";

const messages = z.array(z.object({ recipient: z.string(), body: z.string(), created_at: z.string() }));

export function assertShows(page: Page, text: RegExp): void {
  assert.match(page.text, text, `${page.url.href} shows: ${page.text}`);
}

/** An application, as far as a browser knows it: the browser stops at its redirect URI. */
type StopsAt = Pick<Application, "callback">;

/** The people who visit the pages: their browsers, and their passwords, which they choose in a test. */
export class Visitors {
  readonly #platform: Platform;
  readonly #application: StopsAt;
  readonly #browsers: Browser[] = [];
  readonly #passwords = new Map<string, string>();

  /** @param application - browsers stop at its URL, unless a test names another application */
  constructor(platform: Platform, application: StopsAt) {
    this.#platform = platform;
    this.#application = application;
  }

  browser(language = "fr-FR,fr;q=0.9", application = this.#application, connection?: Connection): Browser {
    const opened = new Browser(this.#platform.caCertificate, language, application.callback, connection);
    this.#browsers.push(opened);
    return opened;
  }

  /** The password of a person. A person who has none gets one, which does not resemble the address. */
  passwordOf(email: string): string {
    const password = this.#passwords.get(email) ?? `never-log-this-password-${this.#passwords.size}`;
    this.#passwords.set(email, password);
    return password;
  }

  /** A person has another address from now on, and keeps the password. */
  rename(email: string, next: string): void {
    this.#passwords.set(next, this.passwordOf(email));
  }

  /** The code of the latest mail to an address. */
  async codeFor(recipient: string): Promise<string> {
    return eventually(`Kratos has a mail with a code for ${recipient}`, 20, async () => {
      const answer = await fetch(`${this.#platform.kratos.adminUrl}/admin/courier/messages`);
      const [latest] = messages
        .parse(await answer.json())
        .filter((message) => message.recipient === recipient)
        .sort((one, other) => other.created_at.localeCompare(one.created_at));
      const code = /\b(\d{6})\b/.exec(latest?.body ?? "")?.[1];
      assert.ok(code !== undefined, "no mail with a code yet");
      return code;
    });
  }

  /** Registers a person from the page with the form. @returns the page after the password */
  register(registration: Page, by: Browser, email: string, name: Name): Promise<Page> {
    const person = { email, password: this.passwordOf(email) };
    return signUp(by, registration, person, (address) => this.codeFor(address), name);
  }

  /** A browser in which a new person is signed in. */
  async registered(email: string, name: Name, language = "en"): Promise<Browser> {
    const opened = this.browser(language);
    const home = await this.register(
      await opened.open(`${this.#platform.publicUrl}/registration`),
      opened,
      email,
      name,
    );
    assert.equal(home.url.pathname, "/", home.text);
    return opened;
  }

  /** Another browser in which a person is signed in. */
  async signedIn(email: string): Promise<Browser> {
    const opened = this.browser("en");
    const login = await opened.open(`${this.#platform.publicUrl}/login`);
    const home = await opened.submit(login, { identifier: email, password: this.passwordOf(email) });
    assert.equal(home.url.pathname, "/", home.text);
    return opened;
  }

  async hasSession(browser: Browser): Promise<boolean> {
    return (await browser.open(this.#platform.publicUrl)).root.querySelector('a[href="/logout"]') !== null;
  }

  /** Sets a new password, from a page that the browser may have opened before. @returns the next page */
  async setPassword(by: Browser, settings: Page, email: string, password: string): Promise<Page> {
    const saved = await by.submit(settings, { password }, "password");
    if (/Your changes are saved/.test(saved.text)) {
      this.#passwords.set(email, password);
    }
    return saved;
  }

  /** Closes all browsers. */
  async close(): Promise<void> {
    await Promise.all(this.#browsers.map((browser) => browser.close()));
  }
}
