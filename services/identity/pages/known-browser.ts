import { randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { sessionDigest } from "./cookies.ts";
import { jsonIn } from "./json.ts";

/** What a browser keeps about an account to which a person signed in with it (OWASP calls it a device cookie). */
const knownAccount = z.object({
  /** Address of the account, in lower case. */
  account: z.string(),
  /** Id of the browser for the account. Undefined until the person has passed every factor. */
  browser: z.string().optional(),
  /** Digest of the session in which the person entered the password, or a code from a mail. */
  session: z.string().optional(),
});

const knownAccounts = z.array(knownAccount);

type KnownAccounts = z.output<typeof knownAccounts>;

const cookieName = "__Host-bibind-browser";
const ninetyDaysInSeconds = 90 * 24 * 3600;
const cookieOptions = {
  path: "/",
  secure: true,
  httpOnly: true,
  sameSite: "lax",
  maxAge: ninetyDaysInSeconds,
} as const;

/** Accounts of one browser; the oldest one is forgotten. */
const mostAccounts = 5;

function accountsIn(request: FastifyRequest): KnownAccounts {
  const { valid, value } = request.unsignCookie(request.cookies[cookieName] ?? "");
  return valid ? knownAccounts.catch([]).parse(jsonIn(value)) : [];
}

/** Id of the browser, if the person has signed in to the account with it before. */
export function knownBrowser(request: FastifyRequest, account: string | undefined): string | undefined {
  return accountsIn(request).find((known) => known.account === account)?.browser;
}

/** The account of a session that needs a second factor, which Kratos does not tell; undefined in another browser. */
export function accountOfSession(request: FastifyRequest): string | undefined {
  const session = sessionDigest(request.headers.cookie);
  return session === undefined ? undefined : accountsIn(request).find((known) => known.session === session)?.account;
}

/** A session that has just begun. */
export interface BegunSession {
  /** Address of its account, in lower case. */
  readonly account: string;
  /** The browser's cookies with those of the session. */
  readonly cookie: string;
  /** Whether the person has passed every factor. A password alone makes no browser known: its thief would get new tries. */
  readonly complete: boolean;
}

/** Lets a browser remember the account of its session. */
export function rememberBrowser(
  request: FastifyRequest,
  reply: FastifyReply,
  { account, cookie, complete }: BegunSession,
): void {
  const accounts = accountsIn(request);
  const before = accounts.find((known) => known.account === account)?.browser;
  const browser = before ?? (complete ? randomBytes(16).toString("base64url") : undefined);
  const others = accounts.filter((known) => known.account !== account);
  const next: KnownAccounts = [{ account, browser, session: sessionDigest(cookie) }, ...others].slice(0, mostAccounts);
  reply.setCookie(cookieName, JSON.stringify(next), { ...cookieOptions, signed: true });
}
