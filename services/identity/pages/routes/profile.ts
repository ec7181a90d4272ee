import type { UiText } from "@ory/kratos-client-fetch";
import type { FastifyReply, FastifyRequest } from "fastify";
import { say } from "../../texts/texts.ts";
import { answerOr, Refused } from "../answers.ts";
import { oneForm } from "../html/form.ts";
import { html } from "../html/html.ts";
import { messages } from "../html/messages.ts";
import { withOwner, type Owner } from "../owner.ts";
import {
  entriesOf,
  personForm,
  problemsOf,
  profileFields,
  profileOf,
  unexpected,
  type Entries,
  type Problems,
} from "../person-form.ts";
import { entry, languageOf, sendPage, type App, type Context } from "../request.ts";

const path = "/profile";

const saved: UiText = { id: 1050001, text: "Your changes are saved.", type: "success" };

/** The entries of the form before the person changes them. */
function entriesBefore({ traits }: Owner, language: string): Entries {
  const name = traits.name ?? {};
  return new Map([
    ["traits.name.first", name.first ?? ""],
    ["traits.name.last", name.last ?? ""],
    ["traits.organisation", traits.organisation ?? ""],
    ["traits.language", traits.language ?? language],
  ]);
}

/** Writes the profile into the account; the address stays. @returns whether Kratos accepts it */
async function save(entries: Entries, { identity, traits }: Owner, { services }: Context): Promise<boolean> {
  const profile = profileOf(entries);
  const isRemoved = traits.organisation !== undefined && !("organisation" in profile);
  const jsonPatch = [
    ...Object.entries(profile).map(([name, value]) => ({ op: "add", path: `/traits/${name}`, value })),
    ...(isRemoved ? [{ op: "remove", path: "/traits/organisation" }] : []),
  ];
  const answer = await answerOr([400], () => services.identities.patchIdentity({ id: identity.id, jsonPatch }));
  return !(answer instanceof Refused);
}

/** What the page shows besides the entries. */
interface Shown {
  readonly problems?: Problems;
  readonly isSaved?: boolean;
}

function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  entries: Entries,
  { problems = new Map(), isSaved = false }: Shown = {},
): FastifyReply {
  const language = languageOf(request, entries.get("traits.language"));
  const token = reply.generateCsrf();
  const form = personForm({ fields: profileFields, action: path, token, entries, problems, method: "profile" });
  return sendPage(
    reply,
    {
      language,
      title: say(language, "profile.title"),
      failed: problems.size > 0,
      content: [messages(language, isSaved ? [saved] : []), oneForm(language, form)],
      links: [html`<a href="/settings">${say(language, "settings.toHome")}</a>`],
    },
    { status: problems.size > 0 ? 422 : 200 },
  );
}

/** The page /profile: name, organisation and language of a person. */
export function profileRoutes(app: App, context: Context): void {
  app.get(path, (request, reply) =>
    withOwner(request, reply, context, { path }, async (owner) =>
      sendForm(request, reply, entriesBefore(owner, languageOf(request))),
    ),
  );

  app.post(path, { preHandler: (...args) => app.csrfProtection(...args) }, (request, reply) =>
    withOwner(request, reply, context, { path }, async (owner) => {
      const entries = entriesOf(profileFields, (name) => entry(request, name));
      const problems = problemsOf(profileFields, entries);
      if (problems.size > 0) {
        return sendForm(request, reply, entries, { problems });
      }
      return (await save(entries, owner, context))
        ? sendForm(request, reply, entries, { isSaved: true })
        : sendForm(request, reply, entries, { problems: new Map([["traits.name.first", unexpected]]) });
    }),
  );
}
