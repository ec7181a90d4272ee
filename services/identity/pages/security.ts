import type { FastifyHelmetOptions } from "@fastify/helmet";

/** Our pages run no script, load nothing from other origins, and cannot be framed. */
const rules = {
  "default-src": "'none'",
  "style-src": "'self'",
  // Kratos sends the QR code for an authenticator app as a data URL.
  "img-src": "'self' data:",
  "base-uri": "'none'",
  "frame-ancestors": "'none'",
} as const;

/**
 * The Content-Security-Policy of a page.
 *
 * @param formTargets - sources to which its forms may lead besides our own pages
 */
export function contentPolicy(formTargets: readonly string[]): string {
  const fixed = Object.entries(rules).map(([name, sources]) => `${name} ${sources}`);
  return [...fixed, `form-action ${["'self'", ...formTargets].join(" ")}`].join("; ");
}

/** The other security headers. Each page sets its own Content-Security-Policy. */
export const helmetOptions: FastifyHelmetOptions = {
  contentSecurityPolicy: false,
  // Kratos checks the origin of a form, which `no-referrer` would hide.
  referrerPolicy: { policy: "same-origin" },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
  xFrameOptions: { action: "deny" },
};
