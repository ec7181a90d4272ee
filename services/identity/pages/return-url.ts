/**
 * A URL up to its query: no user and password before the host, no relative form, and no character that browsers and Kratos
 * read differently. `https:\\example.com`, for example, has no host for Kratos, and one for browsers.
 */
const plainUrl = /^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w\-.~!$&'()*+,;=:@/?%[\]]*)?$/i;

/**
 * Whether Kratos can judge a URL to return to: it compares scheme, host and port with those that it allows, and nothing else.
 *
 * @param given - a query parameter as it was parsed: a list when it was given twice
 */
export function isPlainReturnUrl(given: unknown): boolean {
  return given === undefined || (typeof given === "string" && (given === "" || plainUrl.test(given)));
}
