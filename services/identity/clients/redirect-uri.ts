/** Loopback hosts, on which a program on a person's machine listens (RFC 8252, section 7.3). */
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * A URI in the characters of RFC 3986; a web address has its host. Hydra reads it with Go's net/url, which does not correct
 * a wrong one as `URL` does.
 */
const uriForm = /^(https?:\/\/(?!\/)|(?!https?:)[a-z][a-z0-9+.-]*:)([\w\-.~!$&'()*+,;=:@/?#[\]]|%[0-9A-Fa-f]{2})+$/i;

/** A host name after `URL` has parsed it: it accepts more characters than a DNS name has, and `;` among them. */
const dnsHost = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;

/** Whether the host is a DNS name or an IPv4 address. A Content-Security-Policy can name no other host. */
export function hasDnsHost({ hostname }: URL): boolean {
  return dnsHost.test(hostname);
}

/** Whether a browser may return to a program at this URI: over TLS, on a person's machine, or by a private-use scheme. */
export function isSafe({ protocol, hostname }: URL): boolean {
  switch (protocol) {
    case "https:":
      return true;
    case "http:":
      return loopback.has(hostname);
    default:
      // A private-use scheme is a domain name in reverse order (RFC 8252, section 7.1).
      return protocol.includes(".");
  }
}

/** What is wrong with a redirect URI; undefined when a client may have it. */
export function faultOfRedirectUri(value: string): string | undefined {
  const uri = uriForm.test(value) ? URL.parse(value) : null;
  if (uri === null) {
    return "expected a URL such as https://odoo.bibind.test/auth/callback";
  }
  if (value.includes("#")) {
    return "a redirect URI has no fragment (#)";
  }
  if (value.includes("*")) {
    return "a redirect URI has no wildcard (*)";
  }
  if (!isSafe(uri)) {
    return "a redirect URI begins with https:// (or http://127.0.0.1 for a program on a person's machine)";
  }
  return uri.protocol === "https:" && !hasDnsHost(uri)
    ? "a redirect URI has a DNS name as its host name, or an IPv4 address"
    : undefined;
}

const originOf = (uri: string): string => URL.parse(uri)?.origin ?? uri;

/** Whether a redirect URI has the same origin. After the sign-out, Hydra redirects to no other origin. */
export function hasSameOrigin(postLogoutRedirectUri: string, redirectUris: readonly string[]): boolean {
  return redirectUris.some((uri) => originOf(uri) === originOf(postLogoutRedirectUri));
}
