import { createHash } from "node:crypto";

/** A cookie that all programs read in the same way: a token and its value, without quotes (RFC 6265, section 4.1.1). */
const plainCookie = /^([\w!#$%&'*+.^`|~-]+)=([\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*)$/;

const sessionCookie = "ory_kratos_session";

/** Our own cookies, which are not for Kratos. */
const ownPrefix = "__Host-bibind-";

function cookiesIn(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const [, name, value] = plainCookie.exec(part.trim()) ?? [];
    if (name !== undefined && value !== undefined && !cookies.has(name)) {
      cookies.set(name, value);
    }
  }
  return cookies;
}

/**
 * The cookies of a browser for Kratos, each once. Parsers differ on malformed and repeated cookies: Kratos must not see
 * another session than the pages do.
 */
export function kratosCookies(header: string | undefined): string | undefined {
  const cookies = [...cookiesIn(header)].filter(([name]) => !name.startsWith(ownPrefix));
  return cookies.length === 0 ? undefined : cookies.map(([name, value]) => `${name}=${value}`).join("; ");
}

/** A digest of the session in a browser's cookies; undefined without a session. */
export function sessionDigest(header: string | undefined): string | undefined {
  const value = cookiesIn(header).get(sessionCookie);
  return value === undefined ? undefined : createHash("sha256").update(value).digest("base64url");
}

/** Whether an answer of Kratos gives the browser a session. @param set - its values of `Set-Cookie` */
export function setsSession(set: readonly string[]): boolean {
  return set.some((cookie) => cookie.startsWith(`${sessionCookie}=`));
}

/** Name and value of a cookie, without its attributes. */
const pairOf = (cookie: string): string => cookie.split(";", 1)[0]?.trim() ?? "";
const nameOf = (cookie: string): string => pairOf(cookie).split("=", 1)[0] ?? "";

/** The cookies that a browser sends after an answer: those that it had, and those that the answer sets. */
export function cookiesAfter(cookie: string | undefined, set: readonly string[]): string {
  const before = (cookie ?? "").split(";").map(pairOf);
  const isReplaced = (one: string): boolean => set.some((other) => nameOf(other) === nameOf(one));
  return [...before.filter((one) => one !== "" && !isReplaced(one)), ...set.map(pairOf)].join("; ");
}
