import type { FastifyReply, FastifyRequest } from "fastify";
import type { Language } from "../../texts/language.ts";
import { say } from "../../texts/texts.ts";
import { html } from "../html/html.ts";
import { knownBrowser } from "../known-browser.ts";
import { clientOf } from "../limits/client.ts";
import { Limited, type Counted, type Guess } from "../limits/limits.ts";
import type { Kind } from "../limits/rules.ts";
import { languageOf, sendPage, type Context } from "../request.ts";

/** A time from now in words, such as "in 10 minutes". */
function timeInWords(language: Language, seconds: number): string {
  const [size, unit] = seconds > 2 * 3600 ? ([3600, "hour"] as const) : ([60, "minute"] as const);
  return new Intl.RelativeTimeFormat(language).format(Math.ceil(seconds / size), unit);
}

/** Id of the account of a guess; undefined when the address has no account, or when Kratos does not answer. */
async function accountId(
  { account }: Guess,
  { log }: FastifyRequest,
  { services }: Context,
): Promise<string | undefined> {
  if (account === undefined) {
    return undefined;
  }
  try {
    const [identity] = await services.identities.listIdentities({ credentialsIdentifier: account });
    return identity?.id;
  } catch (error) {
    log.warn({ err: error }, "the account of a limit is not known");
    return undefined;
  }
}

/** The event for the operator. It has no address: a person may have typed a password there. */
async function report(request: FastifyRequest, guess: Guess, limit: string, context: Context): Promise<void> {
  const account = await accountId(guess, request, context);
  request.log.warn({ event: "limit", limit, client: guess.client, account }, "a limit of tries is used up");
}

/** Answers a guess that is not made. The answer is the same whether there is an account or not. */
async function sendLimited(
  request: FastifyRequest,
  reply: FastifyReply,
  { kind }: Guess,
  seconds: number,
  retry: string,
): Promise<FastifyReply> {
  const language = languageOf(request);
  const when = timeInWords(language, seconds);
  return sendPage(
    reply.header("retry-after", seconds),
    {
      language,
      title: say(language, "limited.title"),
      failed: true,
      content: html`<p class="message error" role="alert">${say(language, `limited.${kind}`, { when })}</p>
        <p class="reference">${say(language, "error.reference", { reference: request.id })}</p>`,
      links: [
        html`<a href=${retry}>${say(language, "error.retry")}</a>`,
        html`<a href="/recovery">${say(language, "login.toRecovery")}</a>`,
      ],
    },
    { status: 429 },
  );
}

/** What a request tries. */
export interface Attempt {
  readonly kind: Kind;
  /** As `accountOf` gives it; undefined when no address is known. */
  readonly account: string | undefined;
  /** URL of the page to try again. */
  readonly retry: string;
}

/**
 * Counts an attempt and makes it, unless a limit is used up.
 *
 * @param act - makes it; it gives a right guess back
 */
export async function withinLimits(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
  { kind, account, retry }: Attempt,
  act: (counted: Counted) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const guess = { kind, client: clientOf(request.ip), account, browser: knownBrowser(request, account) };
  const counted = await context.limits.take(guess);
  if (!(counted instanceof Limited)) {
    return act(counted);
  }
  if (counted.isNew) {
    await report(request, guess, counted.limit, context);
  }
  return sendLimited(request, reply, guess, counted.seconds, retry);
}
