import { Configuration, FrontendApi, IdentityApi } from "@ory/kratos-client-fetch";
import type { OAuth2Api } from "@ory/hydra-client-fetch";
import { hydraAdmin } from "../hydra/hydra.ts";
import type { PagesConfig } from "./config.ts";
import { mailSender, type SendMail } from "./mail.ts";

/** The servers behind the pages. */
export interface Services {
  /** Kratos' public API. */
  readonly frontend: FrontendApi;
  /** Kratos' admin API. */
  readonly identities: IdentityApi;
  readonly hydra: OAuth2Api;
  /** Asks a server inside the cluster. */
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Sends a mail to a person. */
  readonly sendMail: SendMail;
}

/** Short, because a person waits for the answer. */
const timeoutMilliseconds = 10_000;

/**
 * It does not retry: the person who waits decides about that. It follows no redirect: those of Kratos lead to its public
 * host, for browsers.
 */
const promptFetch = (url: string | URL | Request, init: RequestInit = {}): Promise<Response> =>
  fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(timeoutMilliseconds) });

function kratos(url: string): Configuration {
  const basePath = url.replace(/\/+$/, "");
  return new Configuration({ basePath, fetchApi: promptFetch, headers: { accept: "application/json" } });
}

/** @param smtpConnection - URL of the SMTP server */
export function services(config: PagesConfig, smtpConnection: string): Services {
  return {
    frontend: new FrontendApi(kratos(config.kratos.publicUrl)),
    identities: new IdentityApi(kratos(config.kratos.adminUrl)),
    hydra: hydraAdmin(config.hydra, promptFetch),
    fetch: promptFetch,
    sendMail: mailSender(smtpConnection, config.mail.from),
  };
}
