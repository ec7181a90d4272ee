import type { OAuth2ConsentRequest } from "@ory/hydra-client-fetch";
import type { FastifyReply, FastifyRequest } from "fastify";
import { scopesInWords } from "../../texts/scopes.ts";
import { say } from "../../texts/texts.ts";
import { answerOr, Refused } from "../answers.ts";
import { claimsFor } from "../claims.ts";
import { formTargets } from "../form-targets.ts";
import { html } from "../html/html.ts";
import { personOf, type Person } from "../person.ts";
import { entry, languageOf, parameter, redirect, sendPage, type App, type Context } from "../request.ts";
import { sendFailure } from "./error.ts";

const thirtyDaysInSeconds = 30 * 24 * 3600;

/** An application's request for consent. */
interface Question {
  readonly challenge: string;
  readonly consent: OAuth2ConsentRequest;
  /** Undefined when the account was deleted or is inactive. */
  readonly person: Person | undefined;
}

async function questionOf(challenge: string, { services }: Context): Promise<Question | Refused> {
  const consent = await answerOr([400, 404, 410], () =>
    services.hydra.getOAuth2ConsentRequest({ consentChallenge: challenge }),
  );
  if (consent instanceof Refused) {
    return consent;
  }
  const identity = await answerOr([404], () => services.identities.getIdentity({ id: consent.subject ?? "" }));
  const active = identity instanceof Refused || identity.state === "inactive" ? undefined : identity;
  return { challenge, consent, person: active === undefined ? undefined : personOf(active) };
}

/** Grants what the application requests, with the claims of the scopes. @returns the URL to redirect to */
async function accept(
  { challenge, consent }: Question,
  person: Person,
  remember: boolean,
  { services, config }: Context,
): Promise<string> {
  const scopes = consent.requested_scope ?? [];
  const allowed = consent.client?.audience ?? [];
  const { redirect_to: target } = await services.hydra.acceptOAuth2ConsentRequest({
    consentChallenge: challenge,
    acceptOAuth2ConsentRequest: {
      grant_scope: scopes,
      grant_access_token_audience: (consent.requested_access_token_audience ?? []).filter((one) =>
        allowed.includes(one),
      ),
      remember,
      remember_for: remember ? thirtyDaysInSeconds : undefined,
      session: { id_token: claimsFor(person, scopes, config.groups) },
    },
  });
  return target;
}

async function reject(challenge: string, reason: string, { services }: Context): Promise<string> {
  const { redirect_to: target } = await services.hydra.rejectOAuth2ConsentRequest({
    consentChallenge: challenge,
    rejectOAuth2Request: { error: "access_denied", error_description: reason },
  });
  return target;
}

function sendQuestion(request: FastifyRequest, reply: FastifyReply, question: Question, person: Person): FastifyReply {
  const { challenge, consent } = question;
  const language = languageOf(request, person.language);
  const clientName = consent.client?.client_name ?? "";
  const application = clientName === "" ? say(language, "consent.anApplication") : clientName;
  return sendPage(
    reply,
    {
      language,
      title: say(language, "consent.title", { application }),
      subtitle: say(language, "consent.account", { email: person.email }),
      content: html`<p>${say(language, "consent.introduction", { application })}</p>
        <ul>
          ${scopesInWords(language, consent.requested_scope ?? []).map((text) => html`<li>${text}</li>`)}
        </ul>
        <form method="post" action="/consent">
          <input type="hidden" name="_csrf" value=${reply.generateCsrf()} />
          <input type="hidden" name="consent_challenge" value=${challenge} />
          <div class="check">
            <input id="remember" name="remember" type="checkbox" value="true" />
            <label for="remember">${say(language, "consent.remember")}</label>
          </div>
          <button type="submit" name="decision" value="allow">${say(language, "consent.allow")}</button>
          <button type="submit" name="decision" value="deny" class="second">${say(language, "consent.deny")}</button>
        </form>`,
    },
    { formTargets: formTargets(consent.client?.redirect_uris ?? []) },
  );
}

/** The page /consent, on which a person allows or refuses an application's request. */
export function consentRoutes(app: App, context: Context): void {
  /** Reads the request for consent; answers at once when there is nothing to decide. */
  const withQuestion = async (
    request: FastifyRequest,
    reply: FastifyReply,
    challenge: string | undefined,
    decide: (question: Question, person: Person) => Promise<FastifyReply>,
  ): Promise<FastifyReply> => {
    const question = challenge === undefined ? undefined : await questionOf(challenge, context);
    if (question === undefined || question instanceof Refused) {
      // The request may be decided already, in another window for example: then Hydra names the URL to continue at.
      const target = question?.refusal.redirectTo;
      return target === undefined ? sendFailure(request, reply, { kind: "request" }) : redirect(reply, target);
    }
    if (question.person === undefined) {
      return redirect(reply, await reject(question.challenge, "the account was deleted or is inactive", context));
    }
    return decide(question, question.person);
  };

  app.get("/consent", (request, reply) =>
    withQuestion(request, reply, parameter(request, "consent_challenge"), async (question, person) => {
      const { consent } = question;
      if (consent.skip === true || consent.client?.skip_consent === true) {
        return redirect(reply, await accept(question, person, false, context));
      }
      return sendQuestion(request, reply, question, person);
    }),
  );

  app.post("/consent", { preHandler: (...args) => app.csrfProtection(...args) }, (request, reply) =>
    withQuestion(request, reply, entry(request, "consent_challenge"), async (question, person) => {
      if (entry(request, "decision") !== "allow") {
        return redirect(reply, await reject(question.challenge, "the person refused", context));
      }
      const remember = entry(request, "remember") === "true";
      return redirect(reply, await accept(question, person, remember, context));
    }),
  );
}
