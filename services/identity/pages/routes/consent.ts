import type { OAuth2ConsentRequest } from "@ory/hydra-client-fetch";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Language } from "../../texts/language.ts";
import { scopesInWords } from "../../texts/scopes.ts";
import { say } from "../../texts/texts.ts";
import { answerOr, Refused } from "../answers.ts";
import { claimsFor, withheldRoles, type SignedIn } from "../claims.ts";
import type { Role } from "../config.ts";
import { formTargets } from "../form-targets.ts";
import { html, type Content, type Html } from "../html/html.ts";
import { withheldNote } from "../html/withheld-roles.ts";
import { hasSecondFactor, personOf, sessionOf, type Person } from "../person.ts";
import { entry, languageOf, parameter, redirect, sendPage, type App, type Context } from "../request.ts";
import { sendFailure } from "./error.ts";

const thirtyDaysInSeconds = 30 * 24 * 3600;

/** An application's request for consent. */
interface Question {
  readonly challenge: string;
  readonly consent: OAuth2ConsentRequest;
  /** Undefined when the account was deleted or is inactive. */
  readonly signedIn: SignedIn | undefined;
}

/** Whether the browser has a session of this account with a second factor. */
async function provedSecondFactor(subject: string, cookie: string | undefined, context: Context): Promise<boolean> {
  const session = await sessionOf(context.services, cookie);
  return !(session instanceof Refused) && session.identity?.id === subject && hasSecondFactor(session);
}

async function questionOf(
  challenge: string,
  cookie: string | undefined,
  context: Context,
): Promise<Question | Refused> {
  const { services } = context;
  const consent = await answerOr([400, 404, 410], () =>
    services.hydra.getOAuth2ConsentRequest({ consentChallenge: challenge }),
  );
  if (consent instanceof Refused) {
    return consent;
  }
  const identity = await answerOr([404], () => services.identities.getIdentity({ id: consent.subject ?? "" }));
  if (identity instanceof Refused || identity.state === "inactive") {
    return { challenge, consent, signedIn: undefined };
  }
  const hasSecondFactor = await provedSecondFactor(identity.id, cookie, context);
  return { challenge, consent, signedIn: { person: personOf(identity), hasSecondFactor } };
}

/** Grants what the application requests, with the claims of the scopes. @returns the URL to redirect to */
async function accept(
  { challenge, consent }: Question,
  signedIn: SignedIn,
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
      session: { id_token: claimsFor(signedIn, scopes, config) },
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

/** Roles that the application asks for, and that this sign-in does not give. */
const rolesAtStake = ({ consent }: Question, signedIn: SignedIn, { config }: Context): readonly Role[] =>
  (consent.requested_scope ?? []).includes("groups") ? withheldRoles(signedIn, config) : [];

/** The form of a question, with the buttons that answer it. */
function questionForm(challenge: string, token: string, content: Content): Html {
  return html`<form method="post" action="/consent">
    <input type="hidden" name="_csrf" value=${token} />
    <input type="hidden" name="consent_challenge" value=${challenge} />
    ${content}
  </form>`;
}

const allowButton = (label: string): Html =>
  html`<button type="submit" name="decision" value="allow">${label}</button>`;

/** A page before the application, and who sees it. */
interface ConsentPage {
  readonly question: Question;
  readonly person: Person;
  readonly language: Language;
  /** Roles that this sign-in does not give. */
  readonly withheld: readonly Role[];
  readonly title: string;
  readonly content: Content;
}

function sendConsentPage(reply: FastifyReply, page: ConsentPage): FastifyReply {
  const { question, person, language, withheld, title, content } = page;
  // The settings return to the request of the application.
  const back = new URLSearchParams({ return_to: question.consent.request_url ?? "/" }).toString();
  return sendPage(
    reply,
    {
      language,
      title,
      subtitle: say(language, "consent.account", { email: person.email }),
      content: html`${withheldNote(language, withheld, `/self-service/settings/browser?${back}`)} ${content}`,
    },
    { formTargets: formTargets(question.consent.client?.redirect_uris ?? []) },
  );
}

function sendQuestion(
  request: FastifyRequest,
  reply: FastifyReply,
  question: Question,
  { person }: SignedIn,
  withheld: readonly Role[],
): FastifyReply {
  const { challenge, consent } = question;
  const language = languageOf(request, person.language);
  const clientName = consent.client?.client_name ?? "";
  const application = clientName === "" ? say(language, "consent.anApplication") : clientName;
  const form = questionForm(
    challenge,
    reply.generateCsrf(),
    html`<div class="check">
        <input id="remember" name="remember" type="checkbox" value="true" />
        <label for="remember">${say(language, "consent.remember")}</label>
      </div>
      ${allowButton(say(language, "consent.allow"))}
      <button type="submit" name="decision" value="deny" class="second">${say(language, "consent.deny")}</button>`,
  );
  const scopes = scopesInWords(language, consent.requested_scope ?? []);
  return sendConsentPage(reply, {
    question,
    person,
    language,
    withheld,
    title: say(language, "consent.title", { application }),
    content: html`<p>${say(language, "consent.introduction", { application })}</p>
      <ul>
        ${scopes.map((text) => html`<li>${text}</li>`)}
      </ul>
      ${form}`,
  });
}

/** Shows which roles this sign-in does not give, where the application needs no consent. */
function sendWithheld(
  request: FastifyRequest,
  reply: FastifyReply,
  question: Question,
  { person }: SignedIn,
  withheld: readonly Role[],
): FastifyReply {
  const language = languageOf(request, person.language);
  const button = allowButton(say(language, "consent.withoutRoles"));
  return sendConsentPage(reply, {
    question,
    person,
    language,
    withheld,
    title: say(language, "login.second"),
    content: questionForm(question.challenge, reply.generateCsrf(), button),
  });
}

/** The page /consent, on which a person allows or refuses an application's request. */
export function consentRoutes(app: App, context: Context): void {
  /** Reads the request for consent; answers at once when there is nothing to decide. */
  const withQuestion = async (
    request: FastifyRequest,
    reply: FastifyReply,
    challenge: string | undefined,
    decide: (question: Question, signedIn: SignedIn) => Promise<FastifyReply>,
  ): Promise<FastifyReply> => {
    const question = challenge === undefined ? undefined : await questionOf(challenge, request.headers.cookie, context);
    if (question === undefined || question instanceof Refused) {
      // The request may be decided already, in another window for example: then Hydra names the URL to continue at.
      const target = question?.refusal.redirectTo;
      return target === undefined ? sendFailure(request, reply, { kind: "request" }) : redirect(reply, target);
    }
    if (question.signedIn === undefined) {
      return redirect(reply, await reject(question.challenge, "the account was deleted or is inactive", context));
    }
    return decide(question, question.signedIn);
  };

  app.get("/consent", (request, reply) =>
    withQuestion(request, reply, parameter(request, "consent_challenge"), async (question, signedIn) => {
      const { consent } = question;
      const withheld = rolesAtStake(question, signedIn, context);
      if (consent.skip !== true && consent.client?.skip_consent !== true) {
        return sendQuestion(request, reply, question, signedIn, withheld);
      }
      return withheld.length === 0
        ? redirect(reply, await accept(question, signedIn, false, context))
        : sendWithheld(request, reply, question, signedIn, withheld);
    }),
  );

  app.post("/consent", { preHandler: (...args) => app.csrfProtection(...args) }, (request, reply) =>
    withQuestion(request, reply, entry(request, "consent_challenge"), async (question, signedIn) => {
      if (entry(request, "decision") !== "allow") {
        return redirect(reply, await reject(question.challenge, "the person refused", context));
      }
      const remember = entry(request, "remember") === "true";
      return redirect(reply, await accept(question, signedIn, remember, context));
    }),
  );
}
