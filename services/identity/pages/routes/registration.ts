import type { FastifyReply, FastifyRequest } from "fastify";
import { say } from "../../texts/texts.ts";
import { ensureAccount } from "../accounts.ts";
import { answerOr, Refused } from "../answers.ts";
import { linkTo, toApplication } from "../flow-kinds.ts";
import { oneForm } from "../html/form.ts";
import { accountOf } from "../limits/account.ts";
import { sessionOf } from "../person.ts";
import { beginRecovery } from "../recovery.ts";
import {
  accountFields,
  entriesOf,
  personForm,
  problemsOf,
  traitsOf,
  unexpected,
  type Entries,
  type Problems,
} from "../person-form.ts";
import { entry, languageOf, parameter, rawParameter, redirect, sendPage, type App, type Context } from "../request.ts";
import { isPlainReturnUrl } from "../return-url.ts";
import { sendFailure } from "./error.ts";
import { withinLimits } from "./limited.ts";

/** Where a registration began. */
interface Beginning {
  /** Hydra's challenge, when an application asks for the sign-in. */
  readonly challenge: string | undefined;
  /** Name of the application. */
  readonly application: string | undefined;
  /** URL to return to when the person has an account. */
  readonly returnTo: string | undefined;
}

async function beginningOf(request: FastifyRequest, { services }: Context): Promise<Beginning | Refused> {
  const challenge = parameter(request, "login_challenge");
  if (challenge === undefined) {
    return { challenge, application: undefined, returnTo: parameter(request, "return_to") };
  }
  const login = await answerOr([400, 404, 410], () =>
    services.hydra.getOAuth2LoginRequest({ loginChallenge: challenge }),
  );
  return login instanceof Refused
    ? login
    : { challenge, application: login.client.client_name, returnTo: login.request_url };
}

function queryOf({ challenge, returnTo }: Beginning): string {
  const entries = Object.entries({ login_challenge: challenge, return_to: returnTo });
  return new URLSearchParams(
    entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString();
}

function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  beginning: Beginning,
  entries: Entries,
  problems: Problems,
): FastifyReply {
  const language = languageOf(request, entries.get("traits.language"));
  const [action, token] = [`/registration?${queryOf(beginning)}`, reply.generateCsrf()];
  const form = personForm({ fields: accountFields, action, token, entries, problems, method: "code" });
  const { challenge, returnTo, application } = beginning;
  return sendPage(
    reply,
    {
      language,
      title: say(language, "registration.title"),
      subtitle: toApplication(language, application) ?? say(language, "registration.introduction"),
      failed: problems.size > 0,
      content: oneForm(language, form),
      links: [
        linkTo("/login", say(language, "registration.toLogin"), {
          oauth2_login_challenge: challenge,
          return_to: returnTo,
        }),
      ],
    },
    { status: problems.size > 0 ? 422 : 200 },
  );
}

/** Lets Kratos send a code, and shows the page for it. The answer is the same whether there was an account or not. */
async function sendCode(
  request: FastifyRequest,
  reply: FastifyReply,
  entries: Entries,
  { returnTo }: Beginning,
  { services, config }: Context,
): Promise<FastifyReply> {
  const begun = await beginRecovery(services, {
    email: entries.get("traits.email") ?? "",
    returnTo: returnTo ?? new URL("/", config.publicUrl).href,
    cookie: request.headers.cookie,
  });
  return begun instanceof Refused
    ? sendFailure(request, reply, { kind: "request" })
    : redirect(reply.header("set-cookie", [...begun.cookies]), `/recovery?flow=${begun.flow}`);
}

/**
 * The page /registration. Kratos' own registration says who has an account, so it is switched off: a person enters name and
 * address, Kratos sends a code as for a recovery, and the person with the code chooses a password.
 */
export function registrationRoutes(app: App, context: Context): void {
  /** Reads where the registration began; answers at once when a person is signed in, or when Hydra's challenge is over. */
  const withBeginning = async (
    request: FastifyRequest,
    reply: FastifyReply,
    proceed: (beginning: Beginning) => Promise<FastifyReply>,
  ): Promise<FastifyReply> => {
    if (!isPlainReturnUrl(rawParameter(request, "return_to"))) {
      return sendFailure(request, reply, { kind: "request" });
    }
    const beginning = await beginningOf(request, context);
    if (beginning instanceof Refused) {
      const { redirectTo } = beginning.refusal;
      return redirectTo === undefined ? sendFailure(request, reply, { kind: "request" }) : redirect(reply, redirectTo);
    }
    const session = await sessionOf(context.services, request.headers.cookie);
    return session instanceof Refused ? proceed(beginning) : redirect(reply, `/login?${queryOf(beginning)}`);
  };

  app.get("/registration", (request, reply) =>
    withBeginning(request, reply, async (beginning) => {
      const entries = new Map([["traits.language", languageOf(request)]]);
      return sendForm(request, reply, beginning, entries, new Map());
    }),
  );

  app.post("/registration", { preHandler: (...args) => app.csrfProtection(...args) }, (request, reply) =>
    withBeginning(request, reply, async (beginning) => {
      const entries = entriesOf(accountFields, (name) => entry(request, name));
      const problems = problemsOf(accountFields, entries);
      if (problems.size > 0) {
        return sendForm(request, reply, beginning, entries, problems);
      }
      const account = accountOf(entries.get("traits.email") ?? "");
      const attempt = { kind: "mail", account, retry: `/registration?${queryOf(beginning)}` } as const;
      return withinLimits(request, reply, context, attempt, async () =>
        (await ensureAccount(traitsOf(entries), context))
          ? sendCode(request, reply, entries, beginning, context)
          : sendForm(request, reply, beginning, entries, new Map([["traits.email", unexpected]])),
      );
    }),
  );
}
