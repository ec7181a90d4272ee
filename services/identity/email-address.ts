const longestAddress = 254;
const longestLocalPart = 64;

/** A part of the local part between dots (RFC 5321, section 4.1.2: Atom). */
const atom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$/;

const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** A DNS name of at least two labels. If the last label is a number, it is a mistyped IPv4 address. */
function isDomain(domain: string): boolean {
  const labels = domain.split(".");
  return labels.length > 1 && labels.every((one) => label.test(one)) && !/^\d+$/.test(labels.at(-1) ?? "");
}

/**
 * What is wrong with an e-mail address (RFC 5321); undefined when mail can be sent to it.
 *
 * Settings and the sign-in pages share this check. It is for ASCII addresses only, because Kratos sends no mail to another
 * one (it does not use SMTPUTF8). It does not accept quoted local parts and IP addresses, which no person has.
 */
export function faultOfEmailAddress(value: string): string | undefined {
  const at = value.lastIndexOf("@");
  const [local, domain] = [value.slice(0, at), value.slice(at + 1)];
  if (at === -1) {
    return "it has no @";
  }
  if (/[^\x21-\x7E]/.test(value)) {
    return "it may contain ASCII characters only; an international domain is written in its form xn--…";
  }
  if (local.length > longestLocalPart || value.length > longestAddress) {
    return `it is longer than ${longestLocalPart} characters before the @, or than ${longestAddress} in total`;
  }
  if (!local.split(".").every((one) => atom.test(one))) {
    return "the part before the @ has a character that is not allowed, or a dot at the wrong place";
  }
  return isDomain(domain) ? undefined : "the part after the @ is not a DNS name such as example.com";
}
