import type { FastifyReply, FastifyRequest } from "fastify";
import { kratosCookies } from "./cookies.ts";
import type { FlowForm } from "./flow-form.ts";
import { parameter, type Context } from "./request.ts";

/** What Kratos learns about a browser, besides its cookies. */
const requestHeaders = ["accept", "accept-language", "origin", "referer", "user-agent"] as const;

/** What a browser learns of Kratos' answer, besides its cookies. */
const answerHeaders = ["content-type", "location"] as const;

function headersFor({ headers, ip }: FastifyRequest, { config }: Context): Headers {
  // Kratos names the URL of the request in some redirects.
  const host = new URL(config.publicUrl).host;
  const sent = new Headers({ "x-forwarded-host": host, "x-forwarded-proto": "https", "x-forwarded-for": ip });
  const given = requestHeaders.map((name) => [name, headers[name]] as const);
  for (const [name, value] of [...given, ["cookie", kratosCookies(headers.cookie)] as const]) {
    if (value !== undefined) {
      sent.set(name, value);
    }
  }
  return sent;
}

/** Hands a request that begins a flow to Kratos, with its query. */
export function handOverBeginning(request: FastifyRequest, context: Context): Promise<Response> {
  return context.services.fetch(new URL(request.url, context.config.kratos.publicUrl), {
    headers: headersFor(request, context),
  });
}

/**
 * Hands the form of a flow to Kratos, with the fields that the pages read, and no other. Of its query, only the flow: Kratos
 * reads some fields there too.
 *
 * @param form - undefined to resume the flow after the person entered the password again
 */
export function handOverForm(request: FastifyRequest, context: Context, form?: FlowForm): Promise<Response> {
  const [path = ""] = request.url.split("?");
  const url = new URL(path, context.config.kratos.publicUrl);
  url.searchParams.set("flow", parameter(request, "flow") ?? "");
  const headers = headersFor(request, context);
  if (form === undefined) {
    return context.services.fetch(url, { headers });
  }
  if (request.headers["content-type"]?.includes("json") === true) {
    headers.set("accept", "application/json");
  }
  return context.services.fetch(url, { method: "POST", headers, body: new URLSearchParams([...form]) });
}

/** Gives the browser Kratos' answer, which is not cached. */
export async function answerWith(reply: FastifyReply, answer: Response): Promise<FastifyReply> {
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
