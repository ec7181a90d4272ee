/**
 * Browsers hold a form's redirects, to the last one, to the rule `form-action` of its page. So a page whose form ends in
 * an application must name where the application is.
 */

const loopback = new Set(["localhost", "127.0.0.1"]);

/** A URI as a source of the Content-Security-Policy; undefined for what the policy has no word for. */
function sourceOf(uri: string): string | undefined {
  const url = URL.parse(uri);
  if (url === null) {
    return undefined;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return url.protocol;
  }
  // A program on one's own machine listens on any port (RFC 8252, section 7.3).
  return loopback.has(url.hostname) ? `${url.protocol}//${url.hostname}:*` : url.origin;
}

/** For a page that does not know where its form ends: any application, but none that is reached in clear. */
export const anyApplication: readonly string[] = ["https:", "http://127.0.0.1:*", "http://localhost:*"];

/**
 * Where somebody ends who is sent to a URL: there, or, when that is Hydra's authorisation endpoint, at the application
 * that is named in it.
 */
export function endsOf(returnTo: string | undefined): (string | undefined)[] {
  const url = returnTo === undefined ? null : URL.parse(returnTo);
  return [returnTo, url?.searchParams.get("redirect_uri") ?? undefined];
}

/** The sources that a form may lead to beside our own pages. */
export function formTargets(uris: readonly (string | undefined)[]): string[] {
  return [...new Set(uris.flatMap((uri) => (uri === undefined ? [] : (sourceOf(uri) ?? []))))];
}
