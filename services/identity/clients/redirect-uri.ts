/** Hosts of the machine itself: what a program on a person's own machine listens on (RFC 8252, section 7.3). */
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** What is wrong with a redirect URI; undefined when it is one that a client may have. */
export function faultOfRedirectUri(value: string): string | undefined {
  const uri = URL.parse(value);
  if (uri === null) {
    return "expected a URL such as https://odoo.bibind.test/auth/callback";
  }
  if (value.includes("#")) {
    return "a redirect URI has no fragment (#)";
  }
  if (value.includes("*")) {
    return "a redirect URI is one address: no wildcard (*)";
  }
  // An app's own scheme is named after a domain of its maker (RFC 8252, section 7.1).
  const ownScheme = uri.protocol.includes(".");
  const safe = uri.protocol === "https:" || ownScheme || (uri.protocol === "http:" && loopback.has(uri.hostname));
  return safe
    ? undefined
    : "a redirect URI begins with https:// (or http://127.0.0.1 for a program on one's own machine)";
}

const originOf = (uri: string): string => URL.parse(uri)?.origin ?? uri;

/** Hydra sends people back, after they signed out, only to where they can also sign in. */
export function isNeighbour(postLogoutRedirectUri: string, redirectUris: readonly string[]): boolean {
  return redirectUris.some((uri) => originOf(uri) === originOf(postLogoutRedirectUri));
}
