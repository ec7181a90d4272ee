import type { Session } from "@ory/kratos-client-fetch";
import type { FastifyReply, FastifyRequest } from "fastify";
import { say } from "../../texts/texts.ts";
import { answerOr, Refused } from "../answers.ts";
import { formTargets } from "../form-targets.ts";
import { html } from "../html/html.ts";
import { personOf, sessionOf } from "../person.ts";
import { entry, languageOf, parameter, redirect, sendPage, type App, type Context } from "../request.ts";
import { sendFailure } from "./error.ts";

async function activeSession(request: FastifyRequest, { services }: Context): Promise<Session | undefined> {
  const session = await sessionOf(services, request.headers.cookie);
  return session instanceof Refused ? undefined : session;
}

/** Ends a session in Kratos. Hydra has a session of its own, which ends when its challenge is accepted. */
async function endSession(session: Session | undefined, { services }: Context): Promise<void> {
  if (session !== undefined) {
    await services.identities.disableSession({ id: session.id });
  }
}

/** Lets Hydra end its session. @returns the URL to redirect to */
async function acceptLogout(challenge: string, { services }: Context): Promise<string> {
  const { redirect_to: target } = await services.hydra.acceptOAuth2LogoutRequest({ logoutChallenge: challenge });
  return target;
}

interface Question {
  readonly session: Session;
  readonly challenge: string | undefined;
  /** URIs to which the application may redirect afterwards. */
  readonly targets: readonly string[];
}

function sendQuestion(
  request: FastifyRequest,
  reply: FastifyReply,
  { session, challenge, targets }: Question,
): FastifyReply {
  const person = session.identity === undefined ? undefined : personOf(session.identity);
  const language = languageOf(request, person?.language);
  return sendPage(
    reply,
    {
      language,
      title: say(language, "logout.title"),
      subtitle: person === undefined ? undefined : say(language, "home.signedInAs", { email: person.email }),
      content: html`<p>${say(language, "logout.question")}</p>
        <form method="post" action="/logout">
          <input type="hidden" name="_csrf" value=${reply.generateCsrf()} />
          ${challenge === undefined ? undefined : html`<input type="hidden" name="logout_challenge" value=${challenge} />`}
          <button type="submit" name="decision" value="yes">${say(language, "logout.yes")}</button>
          <button type="submit" name="decision" value="no" class="second">${say(language, "logout.no")}</button>
        </form>`,
    },
    { formTargets: formTargets(targets) },
  );
}

/** The page /logout: with a challenge for Hydra, without one for a person who opens it. */
export function logoutRoutes(app: App, context: Context): void {
  const { hydra } = context.services;

  app.get("/logout", async (request, reply) => {
    const challenge = parameter(request, "logout_challenge");
    const session = await activeSession(request, context);
    if (challenge === undefined) {
      return session === undefined
        ? redirect(reply, "/login")
        : sendQuestion(request, reply, { session, challenge, targets: [] });
    }
    const logout = await answerOr([400, 404, 410], () => hydra.getOAuth2LogoutRequest({ logoutChallenge: challenge }));
    if (logout instanceof Refused) {
      const { redirectTo } = logout.refusal;
      return redirectTo === undefined ? sendFailure(request, reply, { kind: "request" }) : redirect(reply, redirectTo);
    }
    const own = session?.identity?.id === logout.subject ? session : undefined;
    // An application that sends the person's token has asked the person; a person without a session need not be asked.
    if (logout.rp_initiated === true || own === undefined) {
      await endSession(own, context);
      return redirect(reply, await acceptLogout(challenge, context));
    }
    return sendQuestion(request, reply, {
      session: own,
      challenge,
      targets: logout.client?.post_logout_redirect_uris ?? [],
    });
  });

  app.post("/logout", { preHandler: (...args) => app.csrfProtection(...args) }, async (request, reply) => {
    const challenge = entry(request, "logout_challenge");
    if (entry(request, "decision") === "yes") {
      await endSession(await activeSession(request, context), context);
      // Hydra checks its own cookie; when it has a session, it redirects back to this page with a challenge.
      const hydraLogout = new URL("/oauth2/sessions/logout", context.config.publicUrl);
      return redirect(reply, challenge === undefined ? hydraLogout : await acceptLogout(challenge, context));
    }
    if (challenge !== undefined) {
      await answerOr([404], () => hydra.rejectOAuth2LogoutRequest({ logoutChallenge: challenge }));
    }
    return redirect(reply, "/");
  });
}
