import type { FastifyReply, FastifyRequest } from "fastify";
import type { Language } from "../../texts/language.ts";
import { answerOr, Refused } from "../answers.ts";
import { flowKinds, type FlowKind, type FlowView } from "../flow-kinds.ts";
import { formPerGroup, oneForm } from "../html/form.ts";
import { messages } from "../html/messages.ts";
import { loginUrl } from "../owner.ts";
import { personOf, sessionOf, type Person } from "../person.ts";
import { languageOf, parameter, redirect, sendPage, type App, type Context } from "../request.ts";
import { sendFailure } from "./error.ts";

/** The URL at which Kratos begins a flow, with the query parameters that it needs. */
function startUrl(kind: FlowKind, request: FastifyRequest, { config }: Context): URL {
  const url = new URL(`/self-service/${kind.name}/browser`, config.publicUrl);
  for (const name of kind.parameters) {
    const value = parameter(request, name);
    if (value !== undefined) {
      url.searchParams.set(name, value);
    }
  }
  return url;
}

/** Answers when Kratos refuses a flow: restarts it, or says why a restart does not help. */
function answerRefusal(
  kind: FlowKind,
  request: FastifyRequest,
  reply: FastifyReply,
  { refusal }: Refused,
  context: Context,
): FastifyReply {
  const start = startUrl(kind, request, context);
  if (refusal.reason === "security_csrf_violation") {
    // The browser may refuse cookies: a redirect would then never end.
    return sendFailure(request, reply, { kind: "cookies" }, start.href);
  }
  if (refusal.status === 401) {
    return redirect(reply, loginUrl(context, kind.path));
  }
  return redirect(reply, refusal.redirectTo ?? start);
}

/**
 * Sends the page of a flow.
 *
 * @param person - who is signed in
 * @param status - of the answer; 422 when the pages refuse the form. Default: 200
 */
export function sendFlow(
  reply: FastifyReply,
  kind: FlowKind,
  flow: FlowView,
  language: Language,
  person: Person | undefined,
  status = 200,
): FastifyReply {
  const { ui } = flow;
  const form = kind.sections ? formPerGroup(language, ui, person?.email) : oneForm(language, ui);
  const failed = status !== 200 || (ui.messages ?? []).some(({ type }) => type === "error");
  return sendPage(
    reply,
    {
      language,
      ...kind.heading(language, flow),
      failed,
      content: [messages(language, ui.messages ?? []), form],
      links: kind.links(language, flow),
    },
    { status, formTargets: kind.targets(flow) },
  );
}

/** The pages of Kratos' flows: /login, /recovery, /settings. */
export function flowRoutes(app: App, context: Context): void {
  for (const kind of flowKinds) {
    app.get(kind.path, async (request, reply) => {
      const id = parameter(request, "flow");
      if (id === undefined) {
        return redirect(reply, startUrl(kind, request, context));
      }
      const { cookie } = request.headers;
      const flow = await answerOr([401, 403, 404, 410], () => kind.read(context.services.frontend, { id, cookie }));
      if (flow instanceof Refused) {
        return answerRefusal(kind, request, reply, flow, context);
      }
      const session = await sessionOf(context.services, cookie);
      const identity = session instanceof Refused ? undefined : session.identity;
      const person = identity === undefined ? undefined : personOf(identity);
      return sendFlow(reply, kind, flow, languageOf(request, person?.language), person);
    });
  }
}
