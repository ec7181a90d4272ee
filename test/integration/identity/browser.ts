import assert from "node:assert/strict";
import { parse, type HTMLElement } from "node-html-parser";
import { CookieJar } from "tough-cookie";
import { Agent, fetch, Headers, type RequestInit, type Response } from "undici";

/** The page that a browser shows after all redirects. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: Response["headers"];
  readonly root: HTMLElement;
  /** Its visible text. */
  readonly text: string;
}

const maxRedirects = 20;

/** What an attacker chooses about a connection. */
export interface Connection {
  /** Address on the loopback network that the server sees. */
  readonly localAddress?: string;
  /** Header that the browser adds to each request. */
  readonly forwardedFor?: string;
}

/** A browser without scripts: it keeps cookies, follows redirects and submits forms. */
export class Browser {
  readonly #agent: Agent;
  readonly #language: string;
  readonly #jar = new CookieJar();
  /** URL of the application. The browser stops there and sends no request. */
  readonly #application: string;
  readonly #forwardedFor: string | undefined;

  constructor(
    caCertificate: string,
    language: string,
    application: string,
    { localAddress, forwardedFor }: Connection = {},
  ) {
    this.#agent = new Agent({ localAddress, connect: { ca: caCertificate } });
    this.#forwardedFor = forwardedFor;
    this.#language = language;
    this.#application = application;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  /** The cookies that a request to the URL contains. */
  cookies(url: string): Promise<string> {
    return this.#jar.getCookieString(url);
  }

  /** Deletes a cookie, as an attacker can. */
  async forget(url: string, name: string): Promise<void> {
    const [cookie] = (await this.#jar.getCookies(url)).filter(({ key }) => key === name);
    assert.ok(cookie !== undefined, `there is no cookie ${name}`);
    await this.#jar.store.removeCookie(cookie.domain ?? "", cookie.path ?? "", name);
  }

  /** Names of the cookies of a URL that a browser would send to hosts below its host too. */
  async sharedCookies(url: string): Promise<string[]> {
    return (await this.#jar.getCookies(url)).filter(({ hostOnly }) => hostOnly !== true).map(({ key }) => key);
  }

  async open(url: string | URL): Promise<Page> {
    return this.#follow(new URL(url), {});
  }

  /** Follows the first link of a page to `path`. */
  async click(page: Page, path: string): Promise<Page> {
    const link = page.root.querySelectorAll("a").find((each) => each.getAttribute("href")?.startsWith(path) === true);
    assert.ok(link !== undefined, `there is no link to ${path} on:\n${page.text}`);
    return this.open(new URL(link.getAttribute("href") ?? "", page.url));
  }

  /**
   * Fills in a form and presses one of its buttons.
   *
   * @param values - values of the fields, by name; a field that the page does not have is an error
   * @param button - value of the button; default: the first button
   */
  async submit(page: Page, values: Readonly<Record<string, string>>, button?: string): Promise<Page> {
    const named = Object.keys(values);
    const form = page.root
      .querySelectorAll("form")
      .find((each) => named.every((name) => each.querySelector(`[name="${name}"]`) !== null) && pressed(each, button));
    assert.ok(
      form !== undefined,
      `there is no form with ${named.join(", ")} and ${button ?? "a button"} on:\n${page.text}`,
    );
    const body = new URLSearchParams({ ...defaults(form), ...values });
    const press = pressed(form, button);
    body.set(press?.getAttribute("name") ?? "", press?.getAttribute("value") ?? "");
    const action = new URL(form.getAttribute("action") ?? "", page.url);
    assertAllowed(page, action);
    return this.#follow(action, { method: form.getAttribute("method")?.toUpperCase(), body }, page);
  }

  /** Sends a form that the page does not have, as an attacker can. */
  send(page: Page, action: string, entries: Readonly<Record<string, string>>): Promise<Page> {
    return this.#follow(new URL(action, page.url), { method: "POST", body: new URLSearchParams(entries) }, page);
  }

  async #follow(url: URL, init: RequestInit, from?: Page): Promise<Page> {
    let [target, request] = [url, init];
    for (let count = 0; count < maxRedirects; count += 1) {
      if (target.href.startsWith(this.#application)) {
        return { url: target, status: 0, headers: new Headers(), root: parse(""), text: "" };
      }
      const response = await this.#send(target, request, from);
      const location = response.headers.get("location");
      if (location === null) {
        const root = parse(await response.text());
        const text = (root.querySelector("body") ?? root).structuredText.replaceAll(/\s+/g, " ").trim();
        return { url: target, status: response.status, headers: response.headers, root, text };
      }
      await response.body?.cancel();
      target = new URL(location, target);
      if (from !== undefined) {
        assertAllowed(from, target);
      }
      request = {};
    }
    throw new Error(`more than ${maxRedirects} redirects, the last one to ${target.href}`);
  }

  async #send(url: URL, init: RequestInit, from?: Page): Promise<Response> {
    const headers = new Headers({
      accept: "text/html,application/xhtml+xml",
      "accept-language": this.#language,
      cookie: await this.#jar.getCookieString(url.href),
    });
    if (init.method === "POST" && from !== undefined) {
      headers.set("origin", from.url.origin);
      headers.set("referer", from.url.href);
    }
    if (this.#forwardedFor !== undefined) {
      headers.set("x-forwarded-for", this.#forwardedFor);
    }
    const response = await fetch(url, { ...init, headers, redirect: "manual", dispatcher: this.#agent });
    for (const cookie of response.headers.getSetCookie()) {
      await this.#jar.setCookie(cookie, url.href);
    }
    return response;
  }
}

function pressed(form: HTMLElement, value: string | undefined): HTMLElement | undefined {
  return form.querySelectorAll("button").find((each) => value === undefined || each.getAttribute("value") === value);
}

/** The initial values of a form. */
function defaults(form: HTMLElement): Record<string, string> {
  const inputs = form.querySelectorAll("input").filter((input) => input.getAttribute("type") !== "checkbox");
  const choices = form.querySelectorAll("select").map((select): [string, string] => {
    const chosen = select.querySelector("option[selected]") ?? select.querySelector("option");
    return [select.getAttribute("name") ?? "", chosen?.getAttribute("value") ?? ""];
  });
  return Object.fromEntries<string>([
    ...inputs.map((input): [string, string] => [input.getAttribute("name") ?? "", input.getAttribute("value") ?? ""]),
    ...choices,
  ]);
}

/** Checks a target against `form-action` of the page, as Chromium does for the form's action and each redirect. */
function assertAllowed(page: Page, target: URL): void {
  const policy = page.headers.get("content-security-policy") ?? "";
  const sources = /form-action ([^;]*)/.exec(policy)?.[1]?.split(" ") ?? [];
  const own = target.origin === page.url.origin && sources.includes("'self'");
  const named = sources.some((source) => source === target.origin || source === target.protocol);
  const anyPort = sources.includes(`${target.protocol}//${target.hostname}:*`);
  assert.ok(
    own || named || anyPort,
    `the page's policy (${policy}) does not allow its form to redirect to ${target.href}`,
  );
}
