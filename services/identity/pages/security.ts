import type { FastifyHelmetOptions } from "@fastify/helmet";

/** No script runs on our pages, whoever wrote it; nothing is taken from elsewhere; nobody frames them. */
const rules = {
  "default-src": "'none'",
  "style-src": "'self'",
  // Kratos draws the QR code of an authenticator app into the page.
  "img-src": "'self' data:",
  "base-uri": "'none'",
  "frame-ancestors": "'none'",
} as const;

/**
 * The Content-Security-Policy of a page.
 *
 * @param formTargets - where its forms may lead beside our own pages
 */
export function contentPolicy(formTargets: readonly string[]): string {
  const fixed = Object.entries(rules).map(([name, sources]) => `${name} ${sources}`);
  return [...fixed, `form-action ${["'self'", ...formTargets].join(" ")}`].join("; ");
}

/** The other headers that keep browsers from harm; the policy above is each page's own. */
export const helmetOptions: FastifyHelmetOptions = {
  contentSecurityPolicy: false,
  // Kratos looks at the origin of a form, which `no-referrer` would hide.
  referrerPolicy: { policy: "same-origin" },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
  xFrameOptions: { action: "deny" },
};
