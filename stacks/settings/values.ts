import { isIPv4 } from "node:net";
import { z } from "zod";
import { faultOfEmailAddress } from "../../services/identity/email-address.ts";

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

/** Says what is wrong with a text, without showing it; undefined when it is right. */
export type FindFault = (value: string) => string | undefined;

/**
 * A text that a function checks. The report shows the expected value, and what is wrong with the given one.
 *
 * @param expected - phrase that follows "expected"
 */
export function checkedText(expected: string, faultOf: FindFault): z.ZodString {
  return z
    .string()
    .superRefine((value, context) => {
      const fault = faultOf(value);
      if (fault !== undefined) {
        context.addIssue({ code: "custom", message: fault, params: { form: true, fault } });
      }
    })
    .meta({ expected });
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

/** Longest DNS name, and longest label in it, in characters (RFC 1035). */
export const longestDnsName = 253;
export const longestLabel = 63;

/** A name whose last label is a number is a mistyped IPv4 address. */
function isDnsName(value: string, fewestLabels: number): boolean {
  const labels = value.split(".");
  const isName = labels.length >= fewestLabels && labels.every((one) => label.test(one));
  return isName && value.length <= longestDnsName && !/^\d+$/.test(labels.at(-1) ?? "");
}

/** One part of a DNS name (DNS-1123 label): lower case, at most 63 characters. */
export const dnsLabel = (example: string): z.ZodString => text(`one lower-case DNS label such as ${example}`, label);

/** The name of a host below the platform's domain, with its default. */
export const hostName = (usual: string): z.ZodDefault<z.ZodString> =>
  dnsLabel(usual).meta({ hostName: true }).default(usual);

/** A DNS name of at least two labels (DNS-1123 subdomain): lower case, no final dot. */
export const dnsName = (example: string): z.ZodString =>
  text(`a lower-case DNS name such as ${example}`, (value) => isDnsName(value, 2));

/** Whether it is an IPv4 address or a lower-case host name. */
export const isHostAddress = (value: string): boolean => isIPv4(value) || isDnsName(value, 1);

/** Address of a machine. */
export const hostAddress = (): z.ZodString => text("an IPv4 address or a host name", isHostAddress);

/** An IPv4 network. Wider than /8 is refused: /0 would mean everybody. */
export const network = (): z.ZodString =>
  text("an IPv4 network from /8 to /32 such as 10.1.0.0/16", (value) => {
    const [address = "", prefix = "", ...rest] = value.split("/");
    return rest.length === 0 && isIPv4(address) && /^\d{1,2}$/.test(prefix) && +prefix >= 8 && +prefix <= 32;
  });

/** Parts of an http(s) URL in the characters of RFC 3986. It has no credential, because the settings file would show it unencrypted. */
const webAddressParts =
  /^(?<protocol>https?):\/\/(?<host>[^/?#:@]+)(:(?<port>\d{1,5}))?(?<rest>([/?]([\w\-.~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?)$/;

/** A web address that every program reads alike: `URL` would also accept and change a wrong one. */
export const webAddress = (example: string, protocols: readonly ("http" | "https")[]): z.ZodString =>
  text(`a URL such as ${example}`, (value) => {
    const { protocol, host = "", port: given = "443" } = webAddressParts.exec(value)?.groups ?? {};
    const number = Number(given);
    return protocols.some((one) => one === protocol) && isHostAddress(host) && number >= 1 && number <= 65535;
  });

/** An e-mail address. */
export const emailAddress = (): z.ZodString => checkedText("an e-mail address", faultOfEmailAddress);

/** A name that people read: it has a visible character and no control character. */
export const displayName = (): z.ZodString =>
  text("a name of 1 to 64 characters", (value) => /\S/.test(value) && /^[^\p{Cc}]{1,64}$/u.test(value));

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
