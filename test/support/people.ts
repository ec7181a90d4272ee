import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Web, WebResponse } from "./web.ts";

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

/** The cookies that a response sets, in the form in which the next request sends them. */
function cookiesOf({ headers }: WebResponse): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** The credentials of a person. */
export interface Person {
  readonly email: string;
  readonly password: string;
}

/** A person with a random e-mail address, who is not registered yet. */
export function newPerson(): Person {
  const name = randomBytes(6).toString("hex");
  return { email: `${name}@people.example`, password: `pass-${randomBytes(12).toString("hex")}` };
}

/** What people do with Kratos' public API. Most methods use the flows for programs without a browser. */
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

  /** Signs a person in. @returns the token of the session */
  async signIn({ email, password }: Person): Promise<string> {
    const response = await this.#web.expect(session, await this.#begin("login"), {
      json: { method: "password", identifier: email, password },
    });
    return response.session_token;
  }

  /** The person of a session. @throws Error when the session is not valid */
  whoami(token: string): Promise<z.infer<typeof whoami>> {
    return this.#web.expect(whoami, `${this.#url}/sessions/whoami`, { headers: { "x-session-token": token } });
  }

  /** Signs in with the flow for browsers. @returns the cookie of the session */
  async signInByBrowser({ email, password }: Person): Promise<string> {
    const begun = await this.#web.request(`${this.#url}/self-service/login/browser`);
    const { ui } = browserFlow.parse(begun.body);
    const token = ui.nodes.find(({ attributes }) => attributes.name === "csrf_token")?.attributes.value;
    const response = await this.#web.request(ui.action, {
      headers: { cookie: cookiesOf(begun) },
      json: { method: "password", identifier: email, password, csrf_token: token },
    });
    return cookiesOf(response);
  }

  /** The person of a browser's session. @throws Error when the session is not valid */
  whoamiByBrowser(cookie: string): Promise<z.infer<typeof whoami>> {
    return this.#web.expect(whoami, `${this.#url}/sessions/whoami`, { headers: { cookie } });
  }

  /** Requests a recovery code by mail. @returns the URL for `submitCode` */
  async requestRecovery(email: string): Promise<string> {
    const { ui } = await this.#web.expect(flow, await this.#begin("recovery"), { json: { method: "code", email } });
    return ui.action;
  }

  /** Submits the code of a recovery. @returns the body of Kratos' response */
  async submitCode(action: string, code: string): Promise<unknown> {
    const { body } = await this.#web.request(action, { json: { method: "code", code } });
    return body;
  }
}
