import { Configuration, FrontendApi, IdentityApi } from "@ory/kratos-client-fetch";
import { parse } from "node-html-parser";
import { pino } from "pino";
import { hydraAdmin } from "../../services/identity/hydra/hydra.ts";
import type { Log } from "../../services/identity/log.ts";
import { Limits } from "../../services/identity/pages/limits/limits.ts";
import { UsedCodes } from "../../services/identity/pages/limits/used-codes.ts";
import type { IsGuessable } from "../../services/identity/pages/passwords.ts";
import type { PagesConfig } from "../../services/identity/pages/config.ts";
import type { App } from "../../services/identity/pages/request.ts";
import type { SendMail } from "../../services/identity/pages/mail.ts";
import { createServer } from "../../services/identity/pages/server.ts";
import type { Services } from "../../services/identity/pages/services.ts";
import { loopbackCertificate } from "./tls-server.ts";

const config = {
  publicUrl: "https://auth.test",
  startHost: "welcome.test",
  host: "127.0.0.1",
  port: 8443,
  replicas: 1,
  kratos: { publicUrl: "https://kratos.test", adminUrl: "https://kratos.test", schema: "person" },
  hydra: { adminUrl: "https://hydra.test" },
  tls: { certFile: "/unused", keyFile: "/unused" },
  cookieSecretFile: "/unused",
  mail: { connectionFile: "/unused", from: { address: "bibind@auth.test", name: "Bibind" } },
  groups: { operator: [], auditor: [], developer: [] },
  secondFactor: [],
} satisfies PagesConfig;

/** An answer that depends on the request. */
type Answer = (init: RequestInit, url: URL) => Response;

const isFunction = (answer: unknown): answer is Answer => typeof answer === "function";

/**
 * Kratos and Hydra. Their answers are by method and path, such as `GET /sessions/whoami`; to others, they answer 404. An
 * answer is JSON, or a function of the request.
 */
export class FakeOry {
  readonly answers: Readonly<Record<string, unknown>>;
  /** The requests, as the keys of the answers. */
  readonly requests: string[] = [];
  /** The latest JSON body of each request. */
  readonly bodies = new Map<string, unknown>();

  constructor(answers: Readonly<Record<string, unknown>>) {
    this.answers = answers;
  }

  /** Takes the place of `fetch`. */
  readonly fetch = (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const target = new URL(url instanceof Request ? url.url : url);
    const request = `${init.method ?? "GET"} ${target.pathname}`;
    this.requests.push(request);
    if (typeof init.body === "string" && init.body.startsWith("{")) {
      this.bodies.set(request, JSON.parse(init.body));
    }
    const answer = this.answers[request];
    if (isFunction(answer)) {
      return Promise.resolve(answer(init, target));
    }
    return Promise.resolve(answer === undefined ? Response.json({}, { status: 404 }) : Response.json(answer));
  };
}

const noMailServer: SendMail = () => Promise.reject(new Error("there is no mail server"));

/** The servers behind the pages. */
export function servicesOf(ory: FakeOry, sendMail: SendMail = noMailServer): Services {
  const kratos = new Configuration({ basePath: config.kratos.publicUrl, fetchApi: ory.fetch });
  return {
    frontend: new FrontendApi(kratos),
    identities: new IdentityApi(kratos),
    hydra: hydraAdmin(config.hydra, ory.fetch),
    fetch: ory.fetch,
    sendMail,
  };
}

/** What a test chooses about the pages. */
export interface PagesOptions {
  /** Changes of the configuration. Default: none. */
  readonly changes?: Partial<PagesConfig>;
  /** Default: none. */
  readonly log?: Log;
  /** Default: no password is easy to guess. */
  readonly isGuessable?: IsGuessable;
}

/** The server of the sign-in pages. It does not listen: see `inject` of fastify. */
export async function pagesWith(
  ory: FakeOry,
  cookieSecret: string,
  { changes = {}, log = pino({ enabled: false }), isGuessable = () => false }: PagesOptions = {},
): Promise<App> {
  const { key, certificate } = await loopbackCertificate();
  const context = {
    config: { ...config, ...changes },
    services: servicesOf(ory),
    limits: new Limits(1),
    usedCodes: new UsedCodes(),
    isGuessable,
  };
  return createServer(context, { key, cert: certificate }, cookieSecret, log);
}

/** A question of the pages, and what an answer to it needs. */
export interface Question {
  /** Names and values of the form's hidden fields. */
  readonly fields: Readonly<Record<string, string>>;
  /** The response's header `Set-Cookie`. */
  readonly setCookie: string;
}

/** Cookie of the session in Kratos. Our pages do not read its value. */
const sessionCookie = "ory_kratos_session=session";

/** Opens a page with a form. */
export async function ask(app: App, url: string): Promise<Question> {
  const { body, headers } = await app.inject({ url, headers: { cookie: sessionCookie } });
  const hidden = parse(body).querySelectorAll("input[type=hidden]");
  const fields = hidden.map((input): [name: string, value: string] => [
    input.getAttribute("name") ?? "",
    input.getAttribute("value") ?? "",
  ]);
  return { fields: Object.fromEntries(fields), setCookie: String(headers["set-cookie"]) };
}

/** Sends the form of a question. @returns the status of the response */
export async function reply(
  app: App,
  path: string,
  { fields, setCookie }: Question,
  decision: Readonly<Record<string, string>>,
): Promise<number> {
  const [cookie = ""] = setCookie.split(";");
  const { statusCode } = await app.inject({
    method: "POST",
    url: path,
    headers: { "content-type": "application/x-www-form-urlencoded", cookie: `${sessionCookie}; ${cookie}` },
    payload: new URLSearchParams({ ...fields, ...decision }).toString(),
  });
  return statusCode;
}
