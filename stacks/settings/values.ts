import { isIPv4 } from "node:net";
import { z } from "zod";

/** Marks a check of a value's form. The report then shows the expected value and not the check's own message. */
const form = { params: { form: true } };

/**
 * A text of a given form.
 *
 * @param expected - phrase that follows "expected": `a DNS name such as bibind.test`
 */
export function text(expected: string, accepts: RegExp | ((value: string) => boolean)): z.ZodString {
  const schema = accepts instanceof RegExp ? z.string().regex(accepts) : z.string().refine(accepts, form);
  return schema.meta({ expected });
}

/** A whole number between two bounds, both included. */
export function wholeNumber(minimum: number, maximum: number): z.ZodInt {
  return z
    .int()
    .min(minimum)
    .max(maximum)
    .meta({ expected: `a number from ${minimum} to ${maximum}` });
}

/** A TCP port. */
export const port = (): z.ZodInt => wholeNumber(1, 65535);

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

function isDnsName(value: string, fewestLabels: number): boolean {
  const labels = value.split(".");
  return value.length <= 253 && labels.length >= fewestLabels && labels.every((one) => label.test(one));
}

/** One part of a DNS name (DNS-1123 label): lower case, at most 63 characters. */
export const dnsLabel = (example: string): z.ZodString => text(`one lower-case DNS label such as ${example}`, label);

/** The name of a host below the platform's domain, with its default. */
export const hostName = (usual: string): z.ZodDefault<z.ZodString> =>
  dnsLabel(usual).meta({ hostName: true }).default(usual);

/** A DNS name of at least two labels (DNS-1123 subdomain): lower case, no final dot. */
export const dnsName = (example: string): z.ZodString =>
  text(`a lower-case DNS name such as ${example}`, (value) => isDnsName(value, 2));

/** Address of a machine. A name whose last label is a number is a mistyped IPv4 address. */
export const hostAddress = (): z.ZodString =>
  text(
    "an IPv4 address or a host name",
    (value) => isIPv4(value) || (isDnsName(value, 1) && !/(^|\.)\d+$/.test(value)),
  );

/** An IPv4 network. Wider than /8 is refused: /0 would mean everybody. */
export const network = (): z.ZodString =>
  text("an IPv4 network from /8 to /32 such as 10.1.0.0/16", (value) => {
    const [address = "", prefix = "", ...rest] = value.split("/");
    return rest.length === 0 && isIPv4(address) && /^\d{1,2}$/.test(prefix) && +prefix >= 8 && +prefix <= 32;
  });

/** A web address. */
export const webAddress = (example: string, protocols: readonly ("http" | "https")[]): z.ZodString =>
  text(`a URL such as ${example}`, (value) => {
    const url = URL.parse(value);
    return url !== null && protocols.some((protocol) => url.protocol === `${protocol}:`) && !/\s/.test(value);
  });

/** One broken rule: the path of the setting, relative to the schema of the rule, and the message. */
export interface Breach {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * A rule between settings, for `schema.check(rule(…))`.
 *
 * It is checked even when some of the settings are wrong, so that one message lists all problems. Therefore it gets the
 * given mapping or list as `unknown`; read it with `valueAt`.
 */
export function rule(breaches: (given: unknown) => readonly Breach[]): z.core.$ZodCheck<unknown> {
  return z.superRefine<unknown>(
    (given, context) => {
      for (const { path, message } of breaches(given)) {
        context.addIssue({ code: "custom", message, path: [...path] });
      }
    },
    { when: ({ value }) => typeof value === "object" && value !== null },
  );
}

function listedTwice(given: unknown): Breach[] {
  const simple = Array.isArray(given) ? given.filter((one) => typeof one === "string" || typeof one === "number") : [];
  const twice = new Set(simple.filter((one, index) => simple.indexOf(one) !== index));
  return [...twice].map((one) => ({ path: [], message: `${JSON.stringify(one)} is listed twice` }));
}

/** A list without duplicates. */
export function distinct<T extends z.ZodType<string | number>>(element: T): z.ZodArray<T> {
  return z.array(element).check(rule(listedTwice)).meta({ uniqueItems: true });
}
