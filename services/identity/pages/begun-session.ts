import type { FastifyReply, FastifyRequest } from "fastify";
import { Refused } from "./answers.ts";
import { cookiesAfter, kratosCookies, setsSession } from "./cookies.ts";
import { rememberBrowser } from "./known-browser.ts";
import { sessionOf } from "./person.ts";
import type { Context } from "./request.ts";

/**
 * Whether an answer of Kratos to a guess gives the browser a session of the account. The browser then remembers the account.
 *
 * @param set - values of `Set-Cookie` of the answer
 */
export async function beginsSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { services }: Context,
  account: string,
  set: readonly string[],
): Promise<boolean> {
  if (!setsSession(set)) {
    return false;
  }
  const cookie = cookiesAfter(kratosCookies(request.headers.cookie), set);
  const session = await sessionOf(services, cookie);
  if (session instanceof Refused && session.refusal.status === 401) {
    return false;
  }
  rememberBrowser(request, reply, { account, cookie, complete: !(session instanceof Refused) });
  return true;
}
