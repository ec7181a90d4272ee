import assert from "node:assert/strict";
import { Browser, type Page } from "../integration/identity/browser.ts";
import { mailTo } from "../integration/identity/mail.ts";
import { eventually } from "./eventually.ts";
import type { Person } from "./people.ts";

/** First and last name of a person. */
export type Name = readonly [first: string, last: string];

/** Entries of the form for a new account. */
export function registrationEntries(email: string, [first, last]: Name = ["Ada", "Lovelace"]): Record<string, string> {
  return { "traits.email": email, "traits.name.first": first, "traits.name.last": last };
}

/**
 * Registers a person in a browser: the form, the code from the mail, the password.
 *
 * @param registration - the page with the form
 * @param codeFor - the code in the latest mail to an address
 * @returns the page after the password
 */
export async function signUp(
  browser: Browser,
  registration: Page,
  person: Person,
  codeFor: (email: string) => Promise<string>,
  name?: Name,
): Promise<Page> {
  const sent = await browser.submit(registration, registrationEntries(person.email, name));
  const settings = await browser.submit(sent, { code: await codeFor(person.email) });
  return browser.submit(settings, { password: person.password }, "password");
}

/** The code in the latest mail to an address, from the mail catcher of the sandbox. */
export function codeInMailbox(email: string): Promise<string> {
  return eventually(`a mail with a code for ${email} arrives`, 60, async () => {
    const [latest] = await mailTo("http://mail.bibind.test:8025", email);
    const code = /\b\d{6}\b/.exec(latest?.text ?? "")?.[0];
    assert(code !== undefined, "no mail contains a code");
    return code;
  });
}

/** Registers a person on the sandbox. @param caCertificate - PEM certificate of the CA of the sign-in host */
export async function register(signInUrl: string, caCertificate: string, person: Person): Promise<void> {
  const browser = new Browser(caCertificate, "en", "https://nowhere.invalid/");
  try {
    const home = await signUp(browser, await browser.open(`${signInUrl}/registration`), person, codeInMailbox);
    assert.equal(home.url.pathname, "/", home.text);
  } finally {
    await browser.close();
  }
}
