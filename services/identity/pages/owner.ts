import type { Identity, Session } from "@ory/kratos-client-fetch";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Refused } from "./answers.ts";
import { personOf, sessionOf, traitsOf, type Person, type Traits } from "./person.ts";
import { redirect, type Context } from "./request.ts";

/** The person who is signed in, on a page about the own account. */
export interface Owner {
  readonly session: Session;
  readonly identity: Identity;
  readonly traits: Traits;
  readonly person: Person;
}

/** A page that only its owner opens. */
export interface OwnPage {
  /** Path to return to after a sign-in. */
  readonly path: string;
  /** Whether the person has entered the password in the last minutes. Default: false. */
  readonly fresh?: boolean;
}

/** As long as Kratos lets a person change the password without asking for it again (`privileged_session_max_age`). */
const freshMilliseconds = 15 * 60_000;

/** The URL at which a person signs in, or enters the password again, and then returns to one of our pages. */
export function loginUrl({ config }: Context, path: string, again = false): URL {
  const url = new URL("/self-service/login/browser", config.publicUrl);
  url.searchParams.set("return_to", new URL(path, config.publicUrl).href);
  if (again) {
    url.searchParams.set("refresh", "true");
  }
  return url;
}

const isFresh = ({ authenticated_at: at }: Session): boolean =>
  at !== undefined && Date.now() - at.getTime() < freshMilliseconds;

/** Runs an action of the person who is signed in. Without a session, or with an old one, the person signs in first. */
export async function withOwner(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
  { path, fresh = false }: OwnPage,
  act: (owner: Owner) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const session = await sessionOf(context.services, request.headers.cookie);
  if (session instanceof Refused) {
    return redirect(reply, session.refusal.redirectTo ?? loginUrl(context, path));
  }
  const { identity } = session;
  if (identity === undefined || (fresh && !isFresh(session))) {
    return redirect(reply, loginUrl(context, path, true));
  }
  return act({ session, identity, traits: traitsOf(identity), person: personOf(identity) });
}
