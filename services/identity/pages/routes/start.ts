import type { FastifyReply, FastifyRequest } from "fastify";
import type { Language } from "../../texts/language.ts";
import { say } from "../../texts/texts.ts";
import { Refused } from "../answers.ts";
import { applicationsOf, type PersonsApplication } from "../applications.ts";
import { withheldRoles, type SignedIn } from "../claims.ts";
import { html, type Content, type Html } from "../html/html.ts";
import { withheldNote } from "../html/withheld-roles.ts";
import { hasSecondFactor, isVerified, personOf, sessionOf } from "../person.ts";
import { languageOf, redirect, sendPage, type App, type Context } from "../request.ts";

/** The page for who is not signed in: what the platform is, and where to sign in. */
function sendWelcome(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request);
  return sendPage(reply, {
    language,
    title: say(language, "start.title"),
    content: html`<p>${say(language, "start.platform")}</p>
      <p>${say(language, "start.account")}</p>
      <a class="button" href="/login">${say(language, "login.title")}</a>
      <a class="button second" href="/registration">${say(language, "login.toRegistration")}</a>`,
  });
}

function application(language: Language, { name, uri, purpose, works }: PersonsApplication): Html {
  const state = say(language, works ? "start.works" : "start.fails");
  return html`<li>
    <a href=${uri}>${name}</a>
    <span>${purpose[language]}</span>
    <span class=${works ? "state works" : "state fails"}>${state}</span>
  </li>`;
}

function applicationList(language: Language, applications: readonly PersonsApplication[]): Content {
  const list =
    applications.length === 0
      ? html`<p>${say(language, "start.noApplication")}</p>`
      : html`<ul class="applications">
          ${applications.map((each) => application(language, each))}
        </ul>`;
  return html`<section aria-labelledby="applications">
    <h2 id="applications">${say(language, "start.applications")}</h2>
    ${list}
  </section>`;
}

/** The page of a person who is signed in: the applications, and the account. */
async function sendApplications(
  request: FastifyRequest,
  reply: FastifyReply,
  signedIn: SignedIn,
  context: Context,
): Promise<FastifyReply> {
  const { person } = signedIn;
  const language = languageOf(request, person.language);
  const verification = html`<p class="message info">
    ${say(language, "home.unverified")} <a href="/address">${say(language, "home.toVerification")}</a>
  </p>`;
  return sendPage(reply, {
    language,
    title: person.name ?? say(language, "home.title"),
    subtitle: say(language, "home.signedInAs", { email: person.email }),
    content: html`${isVerified(person) ? undefined : verification}
      ${withheldNote(language, withheldRoles(signedIn, context.config), "/settings")}
      ${applicationList(language, await applicationsOf(signedIn, context))}
      <a class="button" href="/settings">${say(language, "home.toSettings")}</a>`,
    links: [html`<a href="/logout">${say(language, "logout.title")}</a>`],
  });
}

/** The start page /. Another host leads to it: the session's cookie belongs to the host of the sign-in only. */
export function startRoutes(app: App, context: Context): void {
  const { startHost, publicUrl } = context.config;
  app.addHook("onRequest", async (request, reply) => {
    if (request.hostname === startHost) {
      return redirect(reply, new URL("/", publicUrl));
    }
    return undefined;
  });
  app.get("/", async (request, reply) => {
    const session = await sessionOf(context.services, request.headers.cookie);
    if (session instanceof Refused) {
      const { redirectTo } = session.refusal;
      return redirectTo === undefined ? sendWelcome(request, reply) : redirect(reply, redirectTo);
    }
    if (session.identity === undefined) {
      return sendWelcome(request, reply);
    }
    const signedIn = { person: personOf(session.identity), hasSecondFactor: hasSecondFactor(session) };
    return sendApplications(request, reply, signedIn, context);
  });
}
