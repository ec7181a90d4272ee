import type { FastifyReply, FastifyRequest } from "fastify";
import { tellingChanges } from "../account-notice.ts";
import type { PagesConfig } from "../config.ts";
import { flowKinds } from "../flow-kinds.ts";
import { rawParameter, type App, type Context } from "../request.ts";
import { isPlainReturnUrl } from "../return-url.ts";
import { sendFailure } from "./error.ts";

/** What Kratos learns about a browser and its form. */
const requestHeaders = [
  "accept",
  "accept-language",
  "content-type",
  "cookie",
  "origin",
  "referer",
  "user-agent",
  "x-forwarded-for",
] as const;

/** What a browser learns of Kratos' answer, besides its cookies. */
const answerHeaders = ["content-type", "location"] as const;

function headersOf({ headers }: FastifyRequest, { publicUrl }: PagesConfig): Headers {
  // Kratos names the URL of the request in some redirects.
  const sent = new Headers({ "x-forwarded-host": new URL(publicUrl).host, "x-forwarded-proto": "https" });
  for (const name of requestHeaders) {
    const value = headers[name];
    if (value !== undefined) {
      sent.set(name, String(value));
    }
  }
  return sent;
}

/** Hands a request to Kratos, and its answer to the browser. */
async function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  { config, services }: Context,
): Promise<FastifyReply> {
  const { method, url, body } = request;
  const answer = await services.fetch(new URL(url, config.kratos.publicUrl), {
    method,
    headers: headersOf(request, config),
    body: body instanceof Buffer ? new Uint8Array(body) : undefined,
  });
  for (const name of answerHeaders) {
    const value = answer.headers.get(name);
    if (value !== null) {
      reply.header(name, value);
    }
  }
  return reply
    .code(answer.status)
    .header("cache-control", "no-store")
    .header("set-cookie", answer.headers.getSetCookie())
    .send(await answer.text());
}

/**
 * The URLs at which Kratos' flows begin, and those to which their forms lead. Kratos has no other path at the front door:
 * sessions, schemas, and flows for programs are for the inside of the cluster.
 */
export async function kratosFormRoutes(app: App, context: Context): Promise<void> {
  await app.register((forms: App, _, done) => {
    // Kratos reads the form itself.
    forms.removeAllContentTypeParsers();
    forms.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
    const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> | FastifyReply =>
      isPlainReturnUrl(rawParameter(request, "return_to"))
        ? forward(request, reply, context)
        : sendFailure(request, reply, { kind: "request" });
    const settings = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      tellingChanges(request.headers.cookie, context.services, request.log, async () => handler(request, reply));
    for (const { name } of flowKinds) {
      forms.get(`/self-service/${name}/browser`, handler);
      forms.get(`/self-service/${name}`, handler);
      forms.post(`/self-service/${name}`, name === "settings" ? settings : handler);
    }
    done();
  });
}
