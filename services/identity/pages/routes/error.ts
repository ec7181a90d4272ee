import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { say } from "../../texts/texts.ts";
import { answerOr, Refused } from "../answers.ts";
import { html, type Html } from "../html/html.ts";
import { languageOf, parameter, sendPage, type App, type Context } from "../request.ts";

/** What an error page reports. */
export type Failure =
  | { readonly kind: "cookies" | "server" | "notFound" }
  /** The client made a mistake. Default of the status: 400. */
  | { readonly kind: "request"; readonly status?: number }
  /** An application made a mistake; `code` is the error code of OAuth2. */
  | { readonly kind: "application"; readonly code: string };

const statuses = { request: 400, application: 400, cookies: 403, notFound: 404, server: 502 } as const;

/** Sends the error page; its reference is the id of the request in the log. */
export function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  failure: Failure,
  retry?: string,
): FastifyReply {
  const language = languageOf(request);
  const code = failure.kind === "application" ? failure.code : "";
  const status = (failure.kind === "request" ? failure.status : undefined) ?? statuses[failure.kind];
  const retryLink: Html[] = retry === undefined ? [] : [html`<a href=${retry}>${say(language, "error.retry")}</a>`];
  return sendPage(
    reply,
    {
      language,
      title: say(language, "error.title"),
      failed: true,
      content: html`<p class="message error" role="alert">${say(language, `error.${failure.kind}`, { code })}</p>
        <p class="reference">${say(language, "error.reference", { reference: request.id })}</p>`,
      links: [...retryLink, html`<a href="/">${say(language, "error.toHome")}</a>`],
    },
    { status },
  );
}

const kratosError = z.object({ code: z.int(), id: z.string(), reason: z.string(), message: z.string() }).partial();

/** Reads an error of Kratos by its id. */
async function kratosFailure(request: FastifyRequest, { services }: Context, id: string): Promise<Failure> {
  const answer = await answerOr([403, 404, 410], () => services.frontend.getFlowError({ id }));
  if (answer instanceof Refused) {
    return { kind: "request" };
  }
  const error = kratosError.catch({}).parse(answer.error);
  request.log.warn({ kratos: error }, "Kratos reported an error");
  if (error.id === "security_csrf_violation") {
    return { kind: "cookies" };
  }
  return { kind: error.code !== undefined && error.code >= 500 ? "server" : "request" };
}

/** An error of OAuth2. The page shows only its code: anybody can write the rest of the link's text. */
function oauthFailure(request: FastifyRequest, code: string): Failure {
  const details = ["error_description", "error_hint"].map((name) => [name, parameter(request, name)]);
  request.log.warn({ oauth: { error: code, ...Object.fromEntries(details) } }, "Hydra reported an error");
  return /^[a-z_]{1,60}$/.test(code) ? { kind: "application", code } : { kind: "request" };
}

/** The status by which fastify refuses a request; undefined for a failure of the server. */
function refusalStatus(error: unknown): number | undefined {
  const status: unknown = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" && status < 500 ? status : undefined;
}

/** The page /error, to which Kratos and Hydra redirect, and the error page of our own routes. */
export function errorRoutes(app: App, context: Context): void {
  app.get("/error", async (request, reply) => {
    const id = parameter(request, "id");
    if (id !== undefined) {
      return sendFailure(request, reply, await kratosFailure(request, context, id));
    }
    const code = parameter(request, "error");
    return sendFailure(request, reply, code === undefined ? { kind: "request" } : oauthFailure(request, code));
  });
  app.setNotFoundHandler((request, reply) => sendFailure(request, reply, { kind: "notFound" }));
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("FST_CSRF_")) {
      return sendFailure(request, reply, { kind: "cookies" });
    }
    const status = refusalStatus(error);
    if (status === undefined) {
      request.log.error({ err: error }, "the request failed");
      return sendFailure(request, reply, { kind: "server" });
    }
    return sendFailure(request, reply, { kind: "request", status });
  });
}
