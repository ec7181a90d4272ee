import { hasDnsHost, isSafe } from "../clients/redirect-uri.ts";

/**
 * Browsers check all redirects after a form against `form-action` of its page. So a page whose form ends at an application
 * must name the application's origin.
 */

/**
 * A URI as a source of the Content-Security-Policy, which has no character of a directive. Undefined for a URI to which
 * no application returns, and for one that the policy cannot express. A link can contain any URI.
 */
function sourceOf(uri: string): string | undefined {
  const url = URL.parse(uri);
  if (url === null || !isSafe(url)) {
    return undefined;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return url.protocol;
  }
  if (!hasDnsHost(url)) {
    return undefined;
  }
  // A program on a person's machine listens on any port (RFC 8252, section 7.3).
  return url.protocol === "http:" ? `http://${url.hostname}:*` : url.origin;
}

/** Where a redirect to a URL can end: there, or at the application that the URL names, as Hydra's authorisation endpoint does. */
export function finalUrls(returnTo: string | undefined): (string | undefined)[] {
  const url = returnTo === undefined ? null : URL.parse(returnTo);
  return [returnTo, url?.searchParams.get("redirect_uri") ?? undefined];
}

/** The sources to which a form may lead besides our own pages. */
export function formTargets(uris: readonly (string | undefined)[]): string[] {
  return [...new Set(uris.flatMap((uri) => (uri === undefined ? [] : (sourceOf(uri) ?? []))))];
}
