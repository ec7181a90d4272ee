import { say } from "../../texts/texts.ts";
import { Refused } from "../answers.ts";
import { html } from "../html/html.ts";
import { isVerified, personOf, sessionOf } from "../person.ts";
import { languageOf, redirect, sendPage, type App, type Context } from "../request.ts";

/** The page /: the person who is signed in, and links to what the person can do. */
export function homeRoutes(app: App, { services }: Context): void {
  app.get("/", async (request, reply) => {
    const session = await sessionOf(services, request.headers.cookie);
    if (session instanceof Refused || session.identity === undefined) {
      const secondFactor = session instanceof Refused ? session.refusal.redirectTo : undefined;
      return redirect(reply, secondFactor ?? "/login");
    }
    const person = personOf(session.identity);
    const language = languageOf(request, person.language);
    const verification = html`<p class="message info">
      ${say(language, "home.unverified")} <a href="/verification">${say(language, "home.toVerification")}</a>
    </p>`;
    return sendPage(reply, {
      language,
      title: person.name ?? say(language, "home.title"),
      subtitle: say(language, "home.signedInAs", { email: person.email }),
      content: html`${isVerified(person) ? undefined : verification}
        <a class="button" href="/settings">${say(language, "home.toSettings")}</a>`,
      links: [html`<a href="/logout">${say(language, "logout.title")}</a>`],
    });
  });
}
