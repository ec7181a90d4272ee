import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Web, WebAnswer } from "./web.ts";

const flow = z.object({ ui: z.object({ action: z.string() }) });
const session = z.object({
  session_token: z.string(),
  session: z.object({ identity: z.object({ id: z.string() }) }),
});
const whoami = z.object({
  active: z.boolean(),
  identity: z.object({ id: z.string(), traits: z.object({ email: z.string() }) }),
});

const attributes = z.object({ name: z.string().optional(), value: z.unknown().optional() });
const browserFlow = z.object({
  ui: z.object({ action: z.string(), nodes: z.array(z.object({ attributes })) }),
});

/** The cookies that an answer sets, as the next request sends them. */
function cookiesOf({ headers }: WebAnswer): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** A person who is nobody else. */
export interface Person {
  readonly email: string;
  readonly password: string;
}

export function somebody(): Person {
  const name = randomBytes(6).toString("hex");
  return { email: `${name}@people.example`, password: `pass-${randomBytes(12).toString("hex")}` };
}

/** What people do with Kratos' public API, as programs without a browser do it. */
export class People {
  readonly #web: Web;
  readonly #url: string;

  constructor(web: Web, url: string) {
    this.#web = web;
    this.#url = url;
  }

  async #begin(kind: string): Promise<string> {
    const { ui } = await this.#web.expect(flow, `${this.#url}/self-service/${kind}/api`);
    return ui.action;
  }

  /** @returns the token of the session that a registration begins */
  async register({ email, password }: Person): Promise<string> {
    const traits = { email, name: { first: "Ada", last: "Lovelace" }, language: "fr" };
    const answer = await this.#web.expect(session, await this.#begin("registration"), {
      json: { method: "password", password, traits },
    });
    return answer.session_token;
  }

  /** @returns the session's token */
  async signIn({ email, password }: Person): Promise<string> {
    const answer = await this.#web.expect(session, await this.#begin("login"), {
      json: { method: "password", identifier: email, password },
    });
    return answer.session_token;
  }

  /** Who a session is of; it must be good. */
  whoami(token: string): Promise<z.infer<typeof whoami>> {
    return this.#web.expect(whoami, `${this.#url}/sessions/whoami`, { headers: { "x-session-token": token } });
  }

  /** Signs in as a browser does. @returns the cookie of the session */
  async signInByBrowser({ email, password }: Person): Promise<string> {
    const begun = await this.#web.ask(`${this.#url}/self-service/login/browser`);
    const { ui } = browserFlow.parse(begun.body);
    const token = ui.nodes.find(({ attributes }) => attributes.name === "csrf_token")?.attributes.value;
    const answer = await this.#web.ask(ui.action, {
      headers: { cookie: cookiesOf(begun) },
      json: { method: "password", identifier: email, password, csrf_token: token },
    });
    return cookiesOf(answer);
  }

  /** Who a browser's session is of; it must be good. */
  whoamiByBrowser(cookie: string): Promise<z.infer<typeof whoami>> {
    return this.#web.expect(whoami, `${this.#url}/sessions/whoami`, { headers: { cookie } });
  }

  /** Asks for a code by mail. @returns where the code is to be given */
  async askForRecovery(email: string): Promise<string> {
    const { ui } = await this.#web.expect(flow, await this.#begin("recovery"), { json: { method: "code", email } });
    return ui.action;
  }

  /** Gives the code of a recovery; what Kratos answers. */
  async giveCode(action: string, code: string): Promise<unknown> {
    const { body } = await this.#web.ask(action, { json: { method: "code", code } });
    return body;
  }
}
