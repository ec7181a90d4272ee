import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Web, WebResponse } from "./web.ts";

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

/** A flow of Kratos that has begun. */
export interface BegunFlow {
  /** URL of its form. */
  readonly action: string;
  readonly cookie: string;
  /** Protects the form (CSRF). */
  readonly token: unknown;
}

/** What people do at the sign-in host. Each request is one that a browser can send; the flows are read as JSON. */
export class People {
  readonly #web: Web;
  readonly #url: string;

  constructor(web: Web, url: string) {
    this.#web = web;
    this.#url = url;
  }

  async #begin(kind: "login" | "recovery"): Promise<BegunFlow> {
    const begun = await this.#web.request(`${this.#url}/self-service/${kind}/browser`);
    const { ui } = browserFlow.parse(begun.body);
    const token = ui.nodes.find(({ attributes }) => attributes.name === "csrf_token")?.attributes.value;
    return { action: ui.action, cookie: cookiesOf(begun), token };
  }

  #send({ action, cookie, token }: BegunFlow, entries: object): Promise<WebResponse> {
    return this.#web.request(action, { headers: { cookie }, json: { ...entries, csrf_token: token } });
  }

  /** Signs a person in. @returns the cookies of the session. @throws Error when Kratos refuses the password */
  async signIn({ email, password }: Person): Promise<string> {
    const flow = await this.#begin("login");
    const response = await this.#send(flow, { method: "password", identifier: email, password });
    if (response.status !== 200) {
      throw new Error(`the sign-in of ${email} answered ${response.status}`);
    }
    return cookiesOf(response);
  }

  /** The address of the person whose session has these cookies. @throws Error when there is no such session */
  async signedInAs(cookie: string): Promise<string> {
    const headers = { accept: "text/html", "accept-language": "en", cookie };
    const { body } = await this.#web.request(`${this.#url}/`, { headers });
    const email = /Signed in as ([^\s<]+)/.exec(String(body))?.[1];
    if (email === undefined) {
      throw new Error("the start page shows no session");
    }
    return email;
  }

  /** Requests a recovery code by mail. */
  async requestRecovery(email: string): Promise<BegunFlow> {
    const flow = await this.#begin("recovery");
    await this.#send(flow, { method: "code", email });
    return flow;
  }

  /** Submits the code of a recovery. @returns the body of Kratos' response */
  async submitCode(flow: BegunFlow, code: string): Promise<unknown> {
    return (await this.#send(flow, { method: "code", code })).body;
  }
}
